import { startTestBridge, type TestBridge } from '../support/bridge';

/** Attack: a cache between bridge and app serves one customer's token to another. */
describe('cached token answers', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge({ env: { ALLOWED_ORIGINS: 'https://a.example' } });
  });
  afterAll(() => bridge.close());

  it('are forbidden on every response, including errors', async () => {
    const answers = [
      await bridge.login({ customerId: '7' }),
      await bridge.post('/auth_exchange', { code: 'unknown.code' }),
      await bridge.post('/auth_exchange', {}),
      await bridge.post('/nowhere', {}),
      await fetch(`${bridge.origin}/auth_exchange`),
      await fetch(`${bridge.origin}/auth_exchange`, {
        method: 'OPTIONS',
        headers: { Origin: 'https://a.example' },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 404, 405, 204]);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('etag')).toBeNull();
    }
  });

  it('cannot be requested with GET, which caches may store', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    const response = await fetch(`${bridge.origin}/auth_exchange?code=${authCode}`);
    expect(response.status).toBe(405);
  });
});
