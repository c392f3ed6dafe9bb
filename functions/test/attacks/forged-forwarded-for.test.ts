import { startTestBridge } from '../support/bridge';

const LOAD_BALANCER = '198.51.100.9';
/** As observed behind Firebase Hosting. */
const FRONT_END = '66.102.8.69';

/**
 * Attack: a caller forges headers with a new address in each request, so that the rate limit never
 * counts two of them together. The tests append the entry of Google's front end, which the caller
 * cannot choose.
 */
describe('a forged X-Forwarded-For', () => {
  const LIMIT_AND_BURST = 11;
  const forged = (i: number) => `203.0.113.${i}`;

  it.each<[string, (i: number) => Record<string, string>]>([
    ["to the function's own URL", (i) => ({ 'X-Forwarded-For': `${forged(i)}, 192.0.2.66` })],
    [
      "to the function's own URL, as if through Hosting",
      (i) => ({
        'X-Forwarded-For': `${forged(i)}, ${FRONT_END}, 192.0.2.66`,
        'Fastly-Client-IP': forged(i),
      }),
    ],
    [
      "to the function's own URL, as if through the load balancer",
      (i) => ({ 'X-Forwarded-For': `${forged(i)}, ${LOAD_BALANCER}, 192.0.2.66` }),
    ],
    [
      'from a machine in Google Cloud, as if through Hosting',
      (i) => ({
        'X-Forwarded-For': `${forged(i)}, 34.87.66.66`,
        'Fastly-Client-IP': forged(i),
      }),
    ],
    [
      'through the load balancer',
      (i) => ({ 'X-Forwarded-For': `${forged(i)}, 192.0.2.66, ${LOAD_BALANCER}` }),
    ],
    [
      'through Hosting',
      (i) => ({
        'X-Forwarded-For': `${forged(i)}, 192.0.2.66,${FRONT_END}`,
        'Fastly-Client-IP': '192.0.2.66',
      }),
    ],
    [
      'through Hosting, if its CDN accepted a forged X-Forwarded-For',
      (i) => ({ 'X-Forwarded-For': `${forged(i)},${FRONT_END}`, 'Fastly-Client-IP': '192.0.2.66' }),
    ],
    [
      'through Hosting, if its CDN accepted a forged Fastly-Client-IP',
      (i) => ({ 'X-Forwarded-For': `192.0.2.66,${FRONT_END}`, 'Fastly-Client-IP': forged(i) }),
    ],
    [
      "to the function's own URL, with another port each time",
      (i) => ({ 'X-Forwarded-For': `${forged(i)}:${i}, 192.0.2.66:${1_024 + i}` }),
    ],
    [
      'through the load balancer, with another notation each time',
      (i) => ({
        'X-Forwarded-For': [
          `"${forged(i)}`,
          i % 2 ? `[::ffff:192.0.2.66]:${i}` : `192.0.2.66:${i}`,
          i % 3 ? `${LOAD_BALANCER}:${i}` : LOAD_BALANCER,
        ].join(i % 5 ? ',' : ' , ,'),
      }),
    ],
    [
      'by hiding in a chain of proxies',
      (i) => ({
        'X-Forwarded-For': `${forged(i)}, ${i % 2 ? 'unknown' : `_${i}`}, ${LOAD_BALANCER}`,
      }),
    ],
    [
      'in headers that are not used',
      (i) => ({
        'X-Forwarded-For': '192.0.2.66',
        Forwarded: `for=${forged(i)}`,
        'X-Real-IP': forged(i),
        'Client-IP': forged(i),
        'True-Client-IP': forged(i),
        'CF-Connecting-IP': forged(i),
        'X-AppEngine-User-IP': forged(i),
      }),
    ],
  ])('does not evade the rate limit: %s', async (_, headersOf) => {
    const bridge = await startTestBridge({
      env: { RATE_LIMIT_PER_MINUTE: '1', TRUSTED_PROXIES: LOAD_BALANCER },
    });
    const statuses: number[] = [];
    for (let i = 1; i <= 3 * LIMIT_AND_BURST; i += 1) {
      const init = { headers: headersOf(i) };
      statuses.push((await bridge.post('/auth_exchange', { code: `guess.${i}` }, init)).status);
    }
    const asked = bridge.simulator.calls.length;
    await bridge.close();
    expect(new Set(statuses.slice(LIMIT_AND_BURST))).toEqual(new Set([429]));
    expect(asked).toBe(LIMIT_AND_BURST);
  });

  it('does not use up the limit of the forged address', async () => {
    const bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
    const post = (headers: Record<string, string>) =>
      bridge.post('/auth_exchange', { code: 'a.b' }, { headers });
    for (let i = 0; i < 2 * LIMIT_AND_BURST; i += 1) {
      await post({ 'X-Forwarded-For': `203.0.113.7, 192.0.2.66` });
      await post({
        'X-Forwarded-For': `203.0.113.7,${FRONT_END}`,
        'Fastly-Client-IP': '192.0.2.66',
      });
    }
    const direct = await post({ 'X-Forwarded-For': '203.0.113.7' });
    const hosted = await post({
      'X-Forwarded-For': `203.0.113.7,${FRONT_END}`,
      'Fastly-Client-IP': '203.0.113.7',
    });
    await bridge.close();
    expect([direct.status, hosted.status]).toEqual([401, 401]);
  });
});
