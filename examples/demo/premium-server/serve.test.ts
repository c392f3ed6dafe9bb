import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EntitlementError } from '../../../functions/src/operator';
import { createPremiumServer } from './serve';

const PAGE = 'http://127.0.0.1:5000';

let server: Server;
let origin: string;
let taken: string[];

beforeEach(async () => {
  taken = [];
  const step = (name: string) => (uid: string) => {
    taken.push(`${name} ${uid}`);
    return Promise.resolve({ uid, premiumUntil: null });
  };
  server = createPremiumServer(
    {
      grant: step('grant'),
      expire: () => Promise.reject(new EntitlementError('store-unavailable', 'No answer')),
      refund: () => Promise.reject(new EntitlementError('unknown-purchase', 'No purchases')),
    },
    PAGE,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // TCP servers have this kind of address.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = (step: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/premium/${step}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });

describe('the premium server', () => {
  it.each([PAGE, 'http://localhost:5000'])('runs a step for the demo page at %s', async (page) => {
    const answer = await post('grant', '{"uid":"tiki:1"}', { Origin: page });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(await answer.json()).toEqual({ uid: 'tiki:1', premiumUntil: null });
    expect(taken).toEqual(['grant tiki:1']);
  });

  it.each(['https://evil.example', 'http://127.0.0.1:5001', 'null'])(
    'rejects a page of %s',
    async (page) => {
      const answer = await post('grant', '{"uid":"tiki:1"}', { Origin: page });

      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(taken).toEqual([]);
    },
  );

  it('rejects a foreign host name that resolves to this machine', async () => {
    const headers = { Host: 'rebound.example', 'Content-Type': 'application/json' };
    const sent = request(`${origin}/premium/grant`, { method: 'POST', headers });
    sent.end('{"uid":"tiki:1"}');

    expect(await once(sent, 'response')).toEqual([expect.objectContaining({ statusCode: 403 })]);
    expect(taken).toEqual([]);
  });

  it('answers the preflight of the page', async () => {
    const answer = await fetch(`${origin}/premium/grant`, {
      method: 'OPTIONS',
      headers: { Origin: PAGE },
    });

    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toBe('Content-Type');
  });

  it.each([
    [400, 'invalid-request', 'grant', '{"uid":1}'],
    [400, 'invalid-request', 'grant', 'uid'],
    [413, 'payload-too-large', 'grant', `{"uid":"${'1'.repeat(5000)}"}`],
    [400, 'unknown-purchase', 'refund', '{"uid":"tiki:1"}'],
    [503, 'store-unavailable', 'expire', '{"uid":"tiki:1"}'],
    [404, 'not-found', 'steal', '{"uid":"tiki:1"}'],
  ])('answers HTTP %i %s to a step %s that cannot be', async (status, error, step, body) => {
    const answer = await post(step, body);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error });
    expect(taken).toEqual([]);
  });

  it('requires POST and a JSON content type', async () => {
    expect((await fetch(`${origin}/premium/grant`)).status).toBe(405);
    const form = await post('grant', '{"uid":"tiki:1"}', { 'Content-Type': 'text/plain' });
    expect(form.status).toBe(415);
    expect(taken).toEqual([]);
  });
});
