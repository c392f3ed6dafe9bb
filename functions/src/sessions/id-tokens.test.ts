import { idTokens } from './id-tokens';

const CONTEXT = { deadline: () => 8_000, caller: 'tiki:1' };

it.each(['none', 'a.b.c', `a.${Buffer.from('{"exp":"soon"}').toString('base64url')}.c`])(
  'does not take %s for an ID token',
  async (idToken) => {
    const tokens = idTokens(() => Promise.resolve({ idToken, refreshToken: 'new' }), Date.now);
    await expect(tokens.of('old', CONTEXT)).rejects.toMatchObject({
      code: 'upstream-bad-response',
    });
  },
);
