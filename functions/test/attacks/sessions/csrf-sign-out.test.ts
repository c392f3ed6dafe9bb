import { newSecret, ORIGIN, startSite, type TestSite } from '../../sessions/support/site';

/**
 * Attack (CSRF): a foreign site signs its visitor out, here or everywhere. The visitor's cookie goes
 * along with its request; the CSRF token of the session does not.
 */
describe('signing out with a cookie', () => {
  let site: TestSite;
  let victim: Awaited<ReturnType<TestSite['signIn']>>;
  let attacker: typeof victim;
  beforeAll(async () => {
    site = await startSite();
    victim = await site.signIn('1');
    attacker = await site.signIn('666');
  });
  afterAll(() => site.close());

  const signOut = (headers: Record<string, string>, everywhere = true) =>
    site.ask('/session/sign_out', {
      body: { everywhere },
      headers: { Cookie: victim.cookie, ...headers },
    });

  async function isSignedIn(): Promise<void> {
    expect(site.auth.accounts.get('tiki:1')?.validSince).toBeUndefined();
    const response = await site.ask('/session/user', { headers: { Cookie: victim.cookie } });
    expect(await response.json()).toMatchObject({ user: { uid: 'tiki:1' } });
  }

  it.each([
    ['no token', () => ({})],
    ['an empty token', () => ({ 'X-CSRF-Token': '' })],
    ['a made-up token', () => ({ 'X-CSRF-Token': newSecret() })],
    ["the attacker's own token", () => ({ 'X-CSRF-Token': attacker.csrfToken })],
    ['a part of the token', () => ({ 'X-CSRF-Token': victim.csrfToken.slice(0, 42) })],
    [
      'the token from a foreign origin',
      () => ({ 'X-CSRF-Token': victim.csrfToken, Origin: 'https://evil.example' }),
    ],
    ['an ID token that is none', () => ({ Authorization: 'Bearer a.b.c' })],
    [
      'an ID token that has expired',
      () => ({ Authorization: `Bearer ${site.auth.idToken('tiki:1', { exp: 1_000 })}` }),
    ],
  ])('is refused with %s', async (_name, headers) => {
    for (const everywhere of [false, true]) {
      const response = await signOut(headers(), everywhere);
      expect(response.status).toBe(403);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
    await isSignedIn();
  });

  it('is refused as a form, and on GET', async () => {
    const headers = { Cookie: victim.cookie, Origin: ORIGIN, 'X-CSRF-Token': victim.csrfToken };
    const form = await site.ask('/session/sign_out', {
      body: 'everywhere=true',
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
    expect((await site.ask('/session/sign_out', { headers })).status).toBe(405);
    await isSignedIn();
  });

  it('works with the token, here and everywhere', async () => {
    const here = await signOut({ 'X-CSRF-Token': victim.csrfToken }, false);
    expect(here.status).toBe(204);
    expect(here.headers.get('set-cookie')).toMatch(/^__session=; Max-Age=0; Path=\/; HttpOnly/);
    expect(here.headers.get('cache-control')).toBe('private, no-store');
    expect(site.auth.accounts.get('tiki:1')?.validSince).toBeUndefined();

    expect((await signOut({ 'X-CSRF-Token': victim.csrfToken })).status).toBe(204);
    expect(site.auth.accounts.get('tiki:1')?.validSince).toBeGreaterThan(0);
  });
});

describe('signing out with the header of the service worker', () => {
  it('needs no token, since no other site can send that header', async () => {
    const site = await startSite();
    site.auth.accounts.set('tiki:1', {});
    const headers = { Authorization: `Bearer ${site.auth.idToken('tiki:1')}` };

    const response = await site.ask('/session/sign_out', { body: { everywhere: true }, headers });
    expect(response.status).toBe(204);
    expect(site.auth.accounts.get('tiki:1')?.validSince).toBeGreaterThan(0);
    await site.close();
  });

  it('everywhere needs a session', async () => {
    const site = await startSite();
    const everywhere = await site.ask('/session/sign_out', { body: { everywhere: true } });
    expect(everywhere.status).toBe(401);
    const here = await site.ask('/session/sign_out', { body: {} });
    expect([here.status, here.headers.get('set-cookie')?.slice(0, 12)]).toEqual([
      204,
      '__session=; ',
    ]);
    await site.close();
  });
});
