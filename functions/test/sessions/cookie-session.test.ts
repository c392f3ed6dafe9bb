import { cookieOf, moveClock, newKey, startSite, type TestSite } from './support/site';

const HOUR_MS = 3_600_000;

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

const user = async (cookie: string, at: TestSite = site) => {
  const response = await at.ask('/session/user', { headers: { Cookie: cookie } });
  return { response, body: await response.json() };
};
const refreshes = () => site.auth.calls.filter((name) => name === 'token').length;

describe('signing in without a service worker', () => {
  it('sets a cookie that only the server can read, and says who signed in', async () => {
    site.auth.accounts.set('tiki:1', { displayName: 'Trần Thị Bưởi' });
    const { response, csrfToken } = await site.signIn('1');

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toEqual({
      user: { uid: 'tiki:1', name: 'Trần Thị Bưởi' },
      csrfToken,
    });
    expect(response.headers.get('set-cookie')).toMatch(
      /^__session=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('refuses a custom token of another project, of nobody, and of a disabled user', async () => {
    const of = (payload: object) =>
      `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.x`;
    site.auth.accounts.set('tiki:2', { disabled: true });
    for (const customToken of [
      of({ uid: 'tiki:1', aud: 'another-project' }),
      of({}),
      site.auth.customToken('2'),
    ]) {
      const response = await site.ask('/session/sign_in', { body: { customToken } });
      expect(response.status).toBe(401);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });
});

describe('the session in a cookie', () => {
  it('is the user until it ends, with the claims of the hour', async () => {
    site.auth.accounts.set('tiki:3', {});
    const { cookie, csrfToken } = await site.signIn('3');

    const first = await user(cookie);
    expect(first.body).toEqual({ user: { uid: 'tiki:3', name: null }, csrfToken });
    expect(first.response.headers.get('cache-control')).toBe('private, no-store');
    // Nothing about it has changed.
    expect(first.response.headers.get('set-cookie')).toBeNull();

    site.auth.accounts.set('tiki:3', { displayName: 'Bưởi' });
    moveClock(HOUR_MS);
    expect((await user(cookie)).body).toMatchObject({ user: { name: 'Bưởi' } });

    moveClock(14 * 24 * HOUR_MS);
    const late = await user(cookie);
    expect(late.body).toEqual({ user: null, csrfToken: null });
    // Late, it would remove the cookie of a sign-in that was quicker.
    expect(late.response.headers.get('set-cookie')).toBeNull();
  });

  it('that is over is not asked about at Google with every request', async () => {
    site.auth.accounts.set('tiki:31', {});
    const { cookie } = await site.signIn('31');
    site.auth.accounts.set('tiki:31', { disabled: true });
    moveClock(HOUR_MS);
    const before = refreshes();
    for (let i = 0; i < 3; i += 1) expect((await user(cookie)).body).toMatchObject({ user: null });
    expect(refreshes()).toBe(before + 1);

    site.auth.accounts.set('tiki:31', {});
    moveClock(61_000);
    expect((await user(cookie)).body).toMatchObject({ user: { uid: 'tiki:31' } });
  });

  it('asks Google once for many requests at the same moment, and not before five minutes ahead', async () => {
    const { cookie } = await site.signIn('4');
    await user(cookie);
    const before = refreshes();
    moveClock(54 * 60_000);
    await user(cookie);
    expect(refreshes()).toBe(before);

    moveClock(2 * 60_000);
    let release: () => void = () => undefined;
    site.auth.hold = new Promise((resolve) => (release = resolve));
    const all = Promise.all(Array.from({ length: 20 }, () => user(cookie)));
    release();
    for (const { body } of await all) expect(body).toMatchObject({ user: { uid: 'tiki:4' } });
    expect(refreshes()).toBe(before + 1);
  });

  it('is sealed again when Google rotates the refresh token, and ends no later', async () => {
    const { cookie, csrfToken } = await site.signIn('5');
    moveClock(HOUR_MS);
    site.auth.refreshing = 'rotates';
    const rotated = await user(cookie);
    site.auth.refreshing = 'works';

    expect(rotated.body).toEqual({ user: { uid: 'tiki:5', name: null }, csrfToken });
    expect(rotated.response.headers.get('set-cookie')).toContain('; Max-Age=1206000; ');
    // Another instance knows neither token.
    const other = await site.sibling({ SESSION_KEYS: site.key });
    expect((await user(cookieOf(rotated.response), other)).body).toMatchObject({
      user: { uid: 'tiki:5' },
    });
    expect((await user(cookie, other)).body).toMatchObject({ user: null });
  });

  it('survives a rotation of the keys, and then needs the old one no more', async () => {
    const { cookie, csrfToken } = await site.signIn('6');
    const current = newKey();
    const during = await site.sibling({ SESSION_KEYS: `${current}\n${site.key}\n` });
    const resealed = await user(cookie, during);
    expect(resealed.body).toMatchObject({ user: { uid: 'tiki:6' } });

    const after = await site.sibling({ SESSION_KEYS: current });
    expect((await user(cookieOf(resealed.response), after)).body).toMatchObject({
      user: { uid: 'tiki:6' },
    });
    expect((await user(cookie, after)).body).toMatchObject({ user: null });
    // A page that was open meanwhile still has the CSRF token of the old key.
    const signOut = await during.ask('/session/sign_out', {
      body: {},
      headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken },
    });
    expect(signOut.status).toBe(204);
  });
});

describe('when Google does not answer', () => {
  it('nobody is signed out, and a token that is still good is used', async () => {
    const { cookie } = await site.signIn('7');
    moveClock(56 * 60_000);
    site.auth.refreshing = 'unavailable';
    expect((await user(cookie)).body).toMatchObject({ user: { uid: 'tiki:7' } });

    moveClock(HOUR_MS);
    const failed = await user(cookie);
    site.auth.refreshing = 'works';
    expect(failed.response.status).toBe(503);
    expect(failed.body).toMatchObject({ code: 'upstream-unavailable' });
    expect(failed.response.headers.get('set-cookie')).toBeNull();
    expect((await user(cookie)).body).toMatchObject({ user: { uid: 'tiki:7' } });
  });

  it('a visitor can sign out all the same', async () => {
    const { cookie, csrfToken } = await site.signIn('71');
    moveClock(HOUR_MS);
    site.auth.refreshing = 'unavailable';
    const headers = { Cookie: cookie };
    const asked = await site.ask('/session/csrf_token', { headers });
    const signedOut = await site.ask('/session/sign_out', {
      body: {},
      headers: { ...headers, 'X-CSRF-Token': csrfToken },
    });
    site.auth.refreshing = 'works';

    expect(await asked.json()).toEqual({ csrfToken });
    expect(signedOut.status).toBe(204);
    expect(signedOut.headers.get('set-cookie')).toMatch(/^__session=; Max-Age=0; /);
    expect(await (await site.ask('/session/csrf_token')).json()).toEqual({ csrfToken: null });
  });

  it('a refused API key is the operator’s to fix, and signs nobody out either', async () => {
    const { cookie } = await site.signIn('8');
    moveClock(HOUR_MS);
    site.auth.refreshing = 'key-refused';
    const failed = await user(cookie);
    site.auth.refreshing = 'works';

    expect(failed.response.status).toBe(500);
    expect(failed.body).toMatchObject({ code: 'misconfigured' });
    expect(site.logged()).toContain('set WEB_API_KEY to the Web API key');
  });
});
