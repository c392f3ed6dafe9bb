import { cookieOf, startSite, type TestSite } from '../../sessions/support/site';

/**
 * Attack (session fixation): a page of a sibling domain sets `__session` in its visitor's browser, so
 * that the visitor uses the attacker's session, or signs in to one that the attacker knows.
 */
describe('a planted cookie', () => {
  let site: TestSite;
  let attacker: Awaited<ReturnType<TestSite['signIn']>>;
  beforeAll(async () => {
    site = await startSite();
    attacker = await site.signIn('666');
  });
  afterAll(() => site.close());

  it('is not continued by signing in: the new session has another cookie and CSRF token', async () => {
    const body = { customToken: site.auth.customToken('1') };
    const headers = { Cookie: attacker.cookie };
    const response = await site.ask('/session/sign_in', { body, headers });
    const { csrfToken } = (await response.json()) as { readonly csrfToken: string };

    expect(cookieOf(response)).not.toBe(attacker.cookie);
    expect(csrfToken).not.toBe(attacker.csrfToken);
    const Cookie = cookieOf(response);
    const stolen = await site.ask('/session/sign_out', {
      body: {},
      headers: { Cookie, 'X-CSRF-Token': attacker.csrfToken },
    });
    expect(stolen.status).toBe(403);
    // And the attacker's cookie is still the attacker.
    const own = await site.ask('/session/user', { headers });
    expect(await own.json()).toMatchObject({ user: { uid: 'tiki:666' } });
  });

  it('makes nobody the attacker beside the genuine one, in either order', async () => {
    const victim = await site.signIn('1');
    for (const Cookie of [
      `${attacker.cookie}; ${victim.cookie}`,
      `${victim.cookie}; theme=dark; ${attacker.cookie}`,
    ]) {
      const response = await site.ask('/session/user', { headers: { Cookie } });
      expect(await response.json()).toEqual({ user: null, csrfToken: null });
    }
  });

  it('makes nobody the attacker who has a session of the service worker', async () => {
    site.auth.accounts.set('tiki:1', {});
    const headers = {
      Cookie: attacker.cookie,
      Authorization: `Bearer ${site.auth.idToken('tiki:1')}`,
    };
    const response = await site.ask('/session/user', { headers });
    expect(await response.json()).toMatchObject({ user: { uid: 'tiki:1' }, csrfToken: null });
  });
});
