import { startTestBridge } from '../support/bridge';

/**
 * Attack: a caller with one IPv6 network has 2^64 addresses and uses a new one for each guess of an
 * auth code, or writes the same address in different notations.
 */
describe('a rotating IPv6 address', () => {
  const LIMIT_AND_BURST = 11;

  it.each([
    ['within one network', (i: number) => `2001:db8:0:7:${i}:${i * 7}:1:${i}`],
    ['an IPv4 address as IPv6', (i: number) => (i % 2 ? '::ffff:203.0.113.7' : '::FFFF:CB00:7107')],
  ])('gets no further than one address: %s', async (_, addressOf) => {
    const bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
    const statuses: number[] = [];
    for (let i = 1; i <= 2 * LIMIT_AND_BURST; i += 1) {
      const headers = { 'X-Forwarded-For': addressOf(i) };
      const response = await bridge.post('/auth_exchange', { code: `guess.${i}` }, { headers });
      statuses.push(response.status);
    }
    const neighbour = await bridge.post(
      '/auth_exchange',
      { code: 'guess.0' },
      { headers: { 'X-Forwarded-For': '2001:db8:0:8::1' } },
    );
    const asked = bridge.simulator.calls.length;
    await bridge.close();
    expect(statuses.slice(0, LIMIT_AND_BURST)).not.toContain(429);
    expect(new Set(statuses.slice(LIMIT_AND_BURST))).toEqual(new Set([429]));
    expect(neighbour.status).toBe(401);
    expect(asked).toBe(LIMIT_AND_BURST + 1);
  });
});
