import type { Users } from '../google/users';
import { createSessions, type SessionsEffects } from './sessions';

const CONTEXT = { deadline: () => 1_000, caller: '203.0.113.7' };
const ORIGIN = 'https://shop.example';
const PAGE = { challenge: 'of-the-page', origin: ORIGIN };
const BEARER = { headers: { authorization: 'Bearer id-token' } };
const CUSTOMER = { uid: 'tiki:7', provider: 'tiki', tikiCustomerId: '7', name: 'An' };

/** `sessions` for the user with these claims; undefined: the token is nobody's. */
function sessionsFor(claims: Readonly<Record<string, unknown>> | undefined) {
  const renamed: string[] = [];
  const begun: object[] = [];
  const users: Partial<Users> = {
    verify: () => Promise.resolve(claims as Awaited<ReturnType<Users['verify']>>),
    rename: (_, name) => Promise.resolve(void renamed.push(name)),
  };
  // All that a hand-over uses.
  const effects = {
    naming: { name: 'tiki', uidPrefix: 'tiki:', customerIdClaim: 'tikiCustomerId' },
    webOrigins: new Set([ORIGIN]),
    users,
    handOvers: { begin: (page: object) => Promise.resolve((begun.push(page), 'one-time-code')) },
    cookies: {},
  } as unknown as SessionsEffects;
  return { sessions: createSessions(effects), renamed, begun };
}

describe('a hand-over', () => {
  it('is a code for this page, and for a customer', async () => {
    const { sessions, begun, renamed } = sessionsFor(CUSTOMER);
    const answer = await sessions.handOver(BEARER, PAGE, CONTEXT);

    expect(answer).toEqual({ code: 'one-time-code', expiresIn: 60, uid: 'tiki:7' });
    expect(begun).toEqual([{ ...PAGE, uid: 'tiki:7' }]);
    expect(renamed).toEqual([]);
  });

  it.each([
    ['An', []],
    ['Bình', ['Bình']],
  ])('renames an account of An that is to be called %s: %j', async (name, wanted) => {
    const { sessions, renamed } = sessionsFor(CUSTOMER);
    await sessions.handOver(BEARER, { ...PAGE, name }, CONTEXT);

    expect(renamed).toEqual(wanted);
  });

  it.each([
    ['a token that is nobody’s', undefined, ORIGIN, 'unauthenticated'],
    ['a user of another provider', { ...CUSTOMER, provider: 'password' }, ORIGIN, 'forbidden'],
    ['a customer id of another user', { ...CUSTOMER, uid: 'tiki:8' }, ORIGIN, 'forbidden'],
    ['a page of another site', CUSTOMER, 'https://elsewhere.example', 'forbidden'],
  ])('is refused for %s', async (_, claims, origin, code) => {
    const { sessions, begun } = sessionsFor(claims);
    const page = { ...PAGE, origin, name: 'Bình' };

    await expect(sessions.handOver(BEARER, page, CONTEXT)).rejects.toMatchObject({ code });
    expect(begun).toEqual([]);
  });

  it('is refused without a token', async () => {
    const { sessions } = sessionsFor(CUSTOMER);

    await expect(sessions.handOver({ headers: {} }, PAGE, CONTEXT)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});
