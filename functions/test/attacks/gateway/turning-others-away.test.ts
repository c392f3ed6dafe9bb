import type { ServerResponse } from 'node:http';
import { DOCUMENTS, startTestGateway, type TestGateway } from '../../gateway/support/gateway';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=UTF-8' };

/** What an attacker's request can make a service of Google's do. */
const FAULTS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['500', (response) => response.writeHead(500, JSON_TYPE).end('{"error":{"code":500}}')],
  ['503', (response) => response.writeHead(503, JSON_TYPE).end('{"error":{"code":503}}')],
  ['500 by a proxy', (response) => response.writeHead(500, { 'Content-Type': 'text/html' }).end()],
  ['429', (response) => response.writeHead(429, JSON_TYPE).end('{"error":{"code":429}}')],
  ['a reset', (response) => response.destroy()],
  ['silence', () => undefined],
];

/**
 * An attacker without an account sends requests that make one of Google's services fail, so that the
 * circuit breaker turns everybody else away.
 */
describe.each(['firestore', 'auth'] as const)(
  'an attacker whose requests fail at %s',
  (service) => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway({ timeoutMs: 2_000 });
    });
    afterEach(() => gateway.close());

    async function call(address: string, who: string): Promise<number> {
      const body = { structuredQuery: {}, idToken: who };
      const path =
        service === 'firestore' ? `${DOCUMENTS}:runQuery` : '/identitytoolkit/v1/accounts:lookup';
      const response = await gateway.post(path, body, { 'X-Forwarded-For': address });
      await response.text();
      return response.status;
    }
    const attack = (times: number) =>
      Promise.all(Array.from({ length: times }, () => call('203.0.113.66', 'attacker')));
    async function customers(from: number, count: number): Promise<number[]> {
      const statuses: number[] = [];
      for (let i = from; i < from + count; i += 1) {
        statuses.push(await call(`198.51.100.${i}`, 'customer'));
      }
      return statuses;
    }

    it.each(FAULTS)('turns nobody else away: %s', async (_, fault) => {
      gateway[service].answer((response, { body }) => {
        if (body.includes('attacker')) fault(response);
        else response.writeHead(200, JSON_TYPE).end('{}');
      });
      const attacks = await attack(24);
      const calls = await customers(1, 48);
      attacks.push(...(await attack(24)));
      calls.push(...(await customers(49, 48)));
      expect(attacks.filter((status) => status < 400)).toEqual([]);
      const successes = calls.filter((status) => status === 200).length;
      expect(successes / calls.length).toBeGreaterThanOrEqual(0.95);
    });
  },
);
