import { emulatorUserTokens, signedUserTokens } from './user-tokens';

const deadline = () => 1_000;

/** A signer that counts, and a clock that the test moves. */
function world() {
  let time = 1_700_000_000_000;
  let fails = false;
  const signed: Readonly<Record<string, string | number>>[] = [];
  const tokens = signedUserTokens(
    {
      issuer: () => Promise.resolve('bridge@shop.iam.gserviceaccount.com'),
      sign: (claims) => {
        signed.push(claims);
        return fails
          ? Promise.reject(new Error('down'))
          : Promise.resolve(`token ${signed.length}`);
      },
    },
    'https://api.shop.example.com',
    { now: () => time, elapsed: () => time },
  );
  return {
    tokens,
    signed,
    pass: (ms: number) => (time += ms),
    fail: (now: boolean) => (fails = now),
  };
}

describe('signedUserTokens', () => {
  it('names the user, for one minute, to the backend alone', async () => {
    const { tokens, signed } = world();
    await tokens('tiki:1', deadline);
    expect(signed).toEqual([
      {
        iss: 'bridge@shop.iam.gserviceaccount.com',
        sub: 'tiki:1',
        aud: 'https://api.shop.example.com',
        iat: 1_700_000_000,
        exp: 1_700_000_060,
      },
    ]);
  });

  it('signs once for many requests of one user, and for each user', async () => {
    const { tokens, signed } = world();
    const all = await Promise.all(Array.from({ length: 100 }, () => tokens('tiki:1', deadline)));
    expect(new Set(all)).toEqual(new Set(['token 1']));
    expect(await tokens('tiki:2', deadline)).toBe('token 2');
    expect(signed.map(({ sub }) => sub)).toEqual(['tiki:1', 'tiki:2']);
  });

  it('signs again when half of the minute is over', async () => {
    const { tokens, pass } = world();
    await tokens('tiki:1', deadline);
    pass(29_000);
    expect(await tokens('tiki:1', deadline)).toBe('token 1');
    pass(2_000);
    expect(await tokens('tiki:1', deadline)).toBe('token 2');
  });

  it('remembers no failure', async () => {
    const { tokens, fail } = world();
    fail(true);
    await expect(tokens('tiki:1', deadline)).rejects.toThrow('down');
    fail(false);
    expect(await tokens('tiki:1', deadline)).toBe('token 2');
  });
});

it('signs nothing in the emulator, as all tokens there', async () => {
  const token = await emulatorUserTokens('http://127.0.0.1:8080', { now: () => 0 })(
    'tiki:1',
    deadline,
  );
  const [header = '', payload = '', signature] = token.split('.');
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(decode(header)).toEqual({ alg: 'none', typ: 'JWT' });
  expect(decode(payload)).toMatchObject({ sub: 'tiki:1', aud: 'http://127.0.0.1:8080' });
  expect(signature).toBe('');
});
