import { renewedAhead, type AccessToken } from './renewed-ahead';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A source whose answers the test gives, one by one. */
function source() {
  let now = 0;
  const asked: { give: () => void; fail: () => void }[] = [];
  const token = renewedAhead(
    () =>
      new Promise<AccessToken>((resolve, reject) => {
        const value = `token ${asked.length + 1}`;
        asked.push({
          give: () => {
            resolve({ value, expiresAt: now + HOUR_MS });
          },
          fail: () => {
            reject(new Error('no token'));
          },
        });
      }),
    () => now,
  );
  return { token, asked, passTo: (ms: number) => (now = ms) };
}

/** A source that has given its first token at 0. */
async function warm() {
  const started = source();
  const first = started.token();
  started.asked[0]?.give();
  await first;
  return started;
}

describe('renewedAhead', () => {
  it('asks once for all who come at the same moment', async () => {
    const { token, asked } = source();
    const both = Promise.all([token(), token()]);
    asked[0]?.give();
    expect((await both).map(({ value }) => value)).toEqual(['token 1', 'token 1']);
    expect(asked).toHaveLength(1);
  });

  it('asks for no other while the one it has is good for long', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 5 * MINUTE_MS - 1);
    expect((await token()).value).toBe('token 1');
    expect(asked).toHaveLength(1);
  });

  it('lets nobody wait for a renewal while the old one is good', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 5 * MINUTE_MS);
    expect((await token()).value).toBe('token 1');
    passTo(HOUR_MS - 10_001);
    expect((await token()).value).toBe('token 1');
    expect(asked).toHaveLength(2);
    asked[1]?.give();
    await new Promise(setImmediate);
    expect((await token()).value).toBe('token 2');
    expect(asked).toHaveLength(2);
  });

  it('tries again after a renewal that failed, and lets no rejection go unhandled', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - MINUTE_MS);
    await token();
    asked[1]?.fail();
    // One that nobody handled would be this test's failure, by jest itself.
    await new Promise(setImmediate);
    expect((await token()).value).toBe('token 1');
    expect(asked).toHaveLength(3);
  });

  it('hands out none that could run out on its way', async () => {
    const { token, asked, passTo } = await warm();
    passTo(HOUR_MS - 10_000);
    const late = token();
    asked[1]?.fail();
    await expect(late).rejects.toThrow('no token');
    const later = token();
    asked[2]?.give();
    expect((await later).value).toBe('token 3');
  });
});
