import type { Fault } from '@tiki-bridge/tiki-simulator/server';
import { startTestBridge, type TestBridge } from '../support/bridge';

/**
 * An attacker within their rate limit sends codes that make Tiki fail, so that the circuit breaker
 * turns every customer away.
 */
describe('an attacker whose codes make Tiki fail', () => {
  let bridge: TestBridge;
  beforeEach(async () => {
    bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '30' } });
  });
  afterEach(() => bridge.close());

  async function login(address: string, customerId: string, fault?: Fault): Promise<number> {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId, ...(fault && { fault }) });
    const headers = { 'X-Forwarded-For': address };
    const { status } = await bridge.post('/auth_exchange', { code: authCode }, { headers });
    return status;
  }
  const attack = (times: number, fault: Fault) =>
    Promise.all(Array.from({ length: times }, () => login('203.0.113.66', '66', fault)));
  const customers = (from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) => login(`198.51.100.${from + i}`, String(from + i))),
    );

  it.each<[string, Fault, number]>([
    ['500', { kind: 'status', status: 500 }, 503],
    ['503', { kind: 'status', status: 503 }, 503],
    ['429', { kind: 'status', status: 429 }, 503],
    ['a reset', { kind: 'reset' }, 503],
    ['silence', { kind: 'hang' }, 504],
    ['an error envelope', { kind: 'error-envelope', reason: 'internal', status: 500 }, 503],
  ])('turns no other customer away: %s', async (_, fault, met) => {
    const first = await attack(24, fault);
    const logins = await customers(1, 18);
    const second = await attack(16, fault);
    logins.push(...(await customers(19, 18)));
    expect([...first, ...second]).toEqual(Array<number>(40).fill(met));
    const successes = logins.filter((status) => status === 200).length;
    expect(successes / logins.length).toBeGreaterThanOrEqual(0.95);
  });
});
