import { createCredentials, type TokenSource, withoutKey } from './credentials';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A source that counts, and a clock that the test moves. */
function world(given: Partial<TokenSource> = {}) {
  let time = 0;
  const asked: string[] = [];
  const give = (kind: string) => {
    asked.push(kind);
    return Promise.resolve({ value: `${kind} ${asked.length}`, lifetimeMs: HOUR_MS });
  };
  const credentials = createCredentials(
    {
      email: () => Promise.resolve('bridge@shop.iam.gserviceaccount.com'),
      accessToken: (scopes) => give(scopes.join(' ')),
      idToken: (audience) => give(`id for ${audience}`),
      jwtAccessToken: (audience) => give(`jwt for ${audience}`),
      ...given,
    },
    { now: () => time, elapsed: () => time },
  );
  return { credentials, asked, pass: (ms: number) => (time += ms) };
}

describe('createCredentials', () => {
  it('gives access tokens for all of Google Cloud unless told otherwise', async () => {
    const { credentials } = world();
    expect(await credentials.accessToken()).toEqual({
      accessToken: 'https://www.googleapis.com/auth/cloud-platform 1',
      tokenType: 'Bearer',
      expiresInSec: 3_600,
    });
  });

  it.each([
    ['access', ({ credentials }: ReturnType<typeof world>) => credentials.accessToken(['a', 'b'])],
    ['ID', ({ credentials }: ReturnType<typeof world>) => credentials.idToken('https://a.run.app')],
    ['self-signed', ({ credentials }: ReturnType<typeof world>) => credentials.jwtAccessToken('a')],
  ])('makes one request for 1,000 callers of an %s token', async (_, ask) => {
    const there = world();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(there)));
    expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(there.asked).toHaveLength(1);
  });

  it('keeps one token for a set of scopes, in whatever order they are named', async () => {
    const { credentials, asked } = world();
    await credentials.accessToken(['b', 'a', 'b']);
    await credentials.accessToken(['a', 'b']);
    await credentials.accessToken(['a']);
    expect(asked).toEqual(['a b', 'a']);
  });

  it('confuses no audience with another, nor with a scope', async () => {
    const { credentials, asked } = world();
    await credentials.idToken('a');
    await credentials.idToken('b');
    await credentials.jwtAccessToken('a');
    await credentials.accessToken(['a']);
    expect(asked).toEqual(['id for a', 'id for b', 'jwt for a', 'a']);
  });

  it('tells how long the token is still valid, and renews it five minutes before its end', async () => {
    const { credentials, asked, pass } = world();
    await credentials.accessToken(['a']);
    pass(50 * MINUTE_MS);
    expect((await credentials.accessToken(['a'])).expiresInSec).toBe(600);
    expect(asked).toHaveLength(1);
    pass(5 * MINUTE_MS);
    expect((await credentials.accessToken(['a'])).accessToken).toBe('a 1');
    expect(await credentials.accessToken(['a'])).toMatchObject({
      accessToken: 'a 2',
      expiresInSec: 3_600,
    });
  });

  it.each(['access', 'id', 'jwt'] as const)(
    'gives the old %s token while it is valid when no new one can be had, and fails after that',
    async (kind) => {
      let up = true;
      const fetch = () =>
        up
          ? Promise.resolve({ value: 'old', lifetimeMs: HOUR_MS })
          : Promise.reject(new Error('down'));
      const { credentials, pass } = world({
        accessToken: fetch,
        idToken: fetch,
        jwtAccessToken: fetch,
      });
      const ask = {
        access: () => credentials.accessToken(),
        id: () => credentials.idToken('a'),
        jwt: () => credentials.jwtAccessToken('a'),
      }[kind];
      await ask();
      up = false;
      pass(58 * MINUTE_MS);
      expect((await ask()).accessToken).toBe('old');
      pass(2 * MINUTE_MS);
      await expect(ask()).rejects.toThrow('down');
      up = true;
      expect((await ask()).accessToken).toBe('old');
    },
  );

  it('drops an ID token that the service refuses', async () => {
    const { credentials } = world();
    const refusal = new Error('401');
    const used: string[] = [];
    await credentials.idTokens('a').use(
      (token) => {
        used.push(token);
        return used.length === 1 ? Promise.reject(refusal) : Promise.resolve();
      },
      (error) => error === refusal,
    );
    expect(used).toEqual(['id for a 1', 'id for a 2']);
  });

  it('says what to use where there is no key to sign with', async () => {
    const { credentials } = world({ jwtAccessToken: withoutKey });
    await expect(credentials.jwtAccessToken('a')).rejects.toThrow('use an access token instead');
  });

  it('keeps no more tokens than a service can have use for', async () => {
    const { credentials, asked } = world();
    for (let i = 0; i < 1_000; i += 1) await credentials.idToken(`https://${i}.run.app`);
    await credentials.idToken('https://0.run.app');
    expect(asked).toHaveLength(1_001);
  });
});
