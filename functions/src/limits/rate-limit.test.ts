import { rateLimit, type RateLimit } from './rate-limit';

async function allowed(limit: RateLimit, address: string, times: number) {
  let count = 0;
  for (let i = 0; i < times; i += 1) {
    await limit(address, 1).then(
      () => (count += 1),
      () => undefined,
    );
  }
  return count;
}

describe('rateLimit', () => {
  it('allows the limit plus a burst of ten, per address', async () => {
    const limit = rateLimit(30);
    expect(await allowed(limit, '203.0.113.7', 60)).toBe(40);
    expect(await allowed(limit, '203.0.113.8', 60)).toBe(40);
  });

  it('says how long to wait', async () => {
    const limit = rateLimit(1);
    await allowed(limit, '203.0.113.7', 11);
    const refusal: unknown = await limit('203.0.113.7', 3).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'rate-limited' });
    expect(refusal).toHaveProperty(
      'extras.operator.cause',
      'Too many exchanges from 203.0.113.7; X-Forwarded-For had 3 entries',
    );
    const { retryAfterSeconds } = (refusal as { extras: { retryAfterSeconds: number } }).extras;
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it.each([
    ['direct', 'add its address to TRUSTED_PROXIES'],
    ['hosting', 'raise RATE_LIMIT_PER_MINUTE'],
    ['disputed', "a front end of Google's"],
    ['unlisted', 'does not know'],
  ] as const)('explains an address that is %s to the operator', async (via, remedy) => {
    const limit = rateLimit(1);
    await allowed(limit, '203.0.113.7', 11);
    await expect(limit('203.0.113.7', 2, via)).rejects.toHaveProperty(
      'extras.operator.remedy',
      expect.stringContaining(remedy),
    );
  });

  it('resets after a minute', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const limit = rateLimit(1);
      expect(await allowed(limit, '203.0.113.7', 20)).toBe(11);
      jest.advanceTimersByTime(60_001);
      expect(await allowed(limit, '203.0.113.7', 20)).toBe(11);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is off at zero', async () => {
    expect(await allowed(rateLimit(0), '203.0.113.7', 200)).toBe(200);
  });
});
