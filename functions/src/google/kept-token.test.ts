import { keptToken, type FetchedToken } from './kept-token';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Tokens from a source that the test makes answer, one call at a time. */
function source() {
  let now = 0;
  let elapsed = 0;
  const asked: { give: () => void; fail: () => void }[] = [];
  const tokens = keptToken(
    () =>
      new Promise<FetchedToken>((resolve, reject) => {
        const value = `token ${asked.length + 1}`;
        asked.push({
          give: () => {
            resolve({ value, lifetimeMs: HOUR_MS });
          },
          fail: () => {
            reject(new Error('no token'));
          },
        });
      }),
    { now: () => now, elapsed: () => elapsed },
  );
  return {
    token: tokens.current,
    tokens,
    asked,
    passTo: (ms: number) => (now = elapsed = ms),
    setWallClock: (ms: number) => (now = ms),
    passElapsed: (ms: number) => (elapsed = ms),
  };
}

/** A source that has given its first token at 0. */
async function warm() {
  const started = source();
  const first = started.token();
  started.asked[0]?.give();
  await first;
  return started;
}

describe('keptToken', () => {
  it('fetches once for all callers at the same moment', async () => {
    const { token, asked } = source();
    const both = Promise.all([token(), token()]);
    asked[0]?.give();
    expect(await both).toEqual(['token 1', 'token 1']);
    expect(asked).toHaveLength(1);
  });

  it('fetches no other while its own is valid for long', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 5 * MINUTE_MS - 1);
    expect(await token()).toBe('token 1');
    expect(asked).toHaveLength(1);
  });

  it('makes no caller wait for a renewal while the old token is valid', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 5 * MINUTE_MS);
    expect(await token()).toBe('token 1');
    passTo(HOUR_MS - 10_001);
    expect(await token()).toBe('token 1');
    expect(asked).toHaveLength(2);
    asked[1]?.give();
    await new Promise(setImmediate);
    expect(await token()).toBe('token 2');
    expect(asked).toHaveLength(2);
  });

  it('tries again after a renewal that failed, and lets no rejection go unhandled', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - MINUTE_MS);
    await token();
    asked[1]?.fail();
    // jest fails this test on an unhandled rejection.
    await new Promise(setImmediate);
    expect(await token()).toBe('token 1');
    expect(asked).toHaveLength(3);
  });

  it('returns none that could expire during the call', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 10_000);
    const late = token();
    asked[1]?.fail();
    await expect(late).rejects.toThrow('no token');
    const later = token();
    asked[2]?.give();
    expect(await later).toBe('token 3');
  });

  it('returns none beyond its lifetime, also when the wall clock was set back', async () => {
    const { token, asked, setWallClock, passElapsed } = await warm();
    setWallClock(-HOUR_MS);
    passElapsed(HOUR_MS);
    const renewed = token();
    asked[1]?.give();
    expect(await renewed).toBe('token 2');
  });

  it('returns none that has expired while the instance was suspended', async () => {
    const { token, asked, setWallClock } = await warm();
    setWallClock(HOUR_MS);
    const renewed = token();
    asked[1]?.give();
    expect(await renewed).toBe('token 2');
  });

  describe('for a call', () => {
    const REFUSED = new Error('401');
    const isRefusal = (error: unknown) => error === REFUSED;

    it('drops a token that is refused and calls once more with a new one', async () => {
      const { tokens, asked } = await warm();
      const used: string[] = [];
      const called = tokens.use((token) => {
        used.push(token);
        return token === 'token 1' ? Promise.reject(REFUSED) : Promise.resolve('done');
      }, isRefusal);
      await new Promise(setImmediate);
      asked[1]?.give();
      expect(await called).toBe('done');
      expect(used).toEqual(['token 1', 'token 2']);
      expect(await tokens.current()).toBe('token 2');
    });

    it('calls twice at most, and keeps no token that was refused', async () => {
      const { tokens, asked } = await warm();
      let calls = 0;
      const called = tokens.use(() => {
        calls += 1;
        return Promise.reject(REFUSED);
      }, isRefusal);
      await new Promise(setImmediate);
      asked[1]?.give();
      await expect(called).rejects.toBe(REFUSED);
      expect(calls).toBe(2);
      const next = tokens.current();
      asked[2]?.give();
      expect(await next).toBe('token 3');
    });

    it('keeps a newer token than the one that is refused', async () => {
      const { tokens, asked } = await warm();
      const refusals: (() => void)[] = [];
      const both = [1, 2].map(() =>
        tokens.use(
          (token) =>
            token === 'token 1'
              ? new Promise<never>((_, reject) => {
                  refusals.push(() => {
                    reject(REFUSED);
                  });
                })
              : Promise.resolve(token),
          isRefusal,
        ),
      );
      await new Promise(setImmediate);
      refusals[0]?.();
      await new Promise(setImmediate);
      asked[1]?.give();
      await new Promise(setImmediate);
      refusals[1]?.();
      expect(await Promise.all(both)).toEqual(['token 2', 'token 2']);
      expect(asked).toHaveLength(2);
    });

    it('passes any other failure on at once', async () => {
      const { tokens, asked } = await warm();
      const other = new Error('503');
      await expect(tokens.use(() => Promise.reject(other), isRefusal)).rejects.toBe(other);
      expect(asked).toHaveLength(1);
    });
  });
});
