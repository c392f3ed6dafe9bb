import path from 'node:path';
import type * as Entry from '../../src/sessions/verify-session';
import { PROJECT } from './support/auth-server';
import { cookieOf, moveClock, newKey, startSite, type TestSite } from './support/site';

/** The entry as it is installed: built, and configured by the environment alone. */
const BUILT = path.resolve(__dirname, '../../lib/sessions.js');

describe('tiki-firebase-bridge/sessions', () => {
  let site: TestSite;
  let entry: typeof Entry;
  const before = { ...process.env };
  beforeAll(async () => {
    site = await startSite();
    Object.assign(process.env, {
      GCLOUD_PROJECT: PROJECT,
      SESSION_KEYS: site.key,
      // A function of somebody's own, in the emulator.
      K_SERVICE: 'app',
      FUNCTIONS_EMULATOR: 'true',
    });
    entry = (await import(BUILT)) as typeof Entry;
  });
  afterAll(async () => {
    await site.close();
    process.env = before;
  });

  it('knows a user by the header of the service worker', async () => {
    site.auth.accounts.set('tiki:1', { displayName: 'An', claims: { premiumAccount: true } });
    const idToken = site.auth.idToken('tiki:1');
    const request = { headers: { authorization: `Bearer ${idToken}` } };

    const result = await entry.verifySession(request);
    expect(result).toMatchObject({
      ok: true,
      session: {
        uid: 'tiki:1',
        name: 'An',
        idToken,
        via: 'header',
        claims: { premiumAccount: true, provider: 'tiki', tikiCustomerId: '1' },
      },
    });
    expect(result).not.toHaveProperty('setCookie');
    expect(result.ok && (await entry.isForgedRequest(request, result.session))).toBe(false);
  });

  it('knows a user by the cookie, also in a Request of the Fetch API', async () => {
    const { cookie, csrfToken } = await site.signIn('2');
    const asked = [
      { headers: { cookie } },
      new Request('https://shop.example.com/', { headers: { cookie } }),
    ];
    for (const request of asked) {
      const result = await entry.verifySession(request, { checkRevoked: true });
      expect(result).toMatchObject({
        ok: true,
        session: { uid: 'tiki:2', name: null, via: 'cookie', csrfToken },
      });
      if (!result.ok) continue;
      const { session } = result;
      expect(await entry.isForgedRequest(request, session)).toBe(true);
      expect(await entry.isForgedRequest(request, session, newKey())).toBe(true);
      expect(await entry.isForgedRequest(request, session, csrfToken)).toBe(false);
      const sent = { headers: { cookie, 'x-csrf-token': csrfToken } };
      expect(await entry.isForgedRequest(sent, session)).toBe(false);
    }
  });

  it('gets the claims of now with a cookie on request, and those of the hour otherwise', async () => {
    site.auth.accounts.set('tiki:21', { claims: {} });
    const { cookie } = await site.signIn('21');
    const request = { headers: { cookie } };
    const isPremium = async (refresh: boolean) => {
      const result = await entry.verifySession(request, { refresh });
      return result.ok && result.session.claims['premiumAccount'] === true;
    };
    expect(await isPremium(false)).toBe(false);
    site.auth.accounts.set('tiki:21', { claims: { premiumAccount: true } });

    expect(await isPremium(false)).toBe(false);
    expect(await isPremium(true)).toBe(true);
    expect(await isPremium(false)).toBe(true);
  });

  it('keeps the claims that it has while Google cannot give new ones', async () => {
    const { cookie } = await site.signIn('22');
    const request = { headers: { cookie } };
    expect(await entry.verifySession(request)).toMatchObject({ ok: true });
    site.auth.refreshing = 'unavailable';
    await expect(entry.verifySession(request, { refresh: true })).rejects.toMatchObject({
      code: 'upstream-unavailable',
    });
    expect(await entry.verifySession(request)).toMatchObject({ ok: true });
    site.auth.refreshing = 'works';
  });

  it('gives the new cookie when Google has rotated the refresh token', async () => {
    const { cookie } = await site.signIn('3');
    moveClock(3_600_000);
    site.auth.refreshing = 'rotates';
    const result = await entry.verifySession({ headers: { cookie } });
    site.auth.refreshing = 'works';
    expect(result).toMatchObject({
      ok: true,
      setCookie: expect.stringMatching(/^__session=ey/) as string,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['a token that is none', { authorization: 'Bearer a.b.c' }],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a cookie that is none', { cookie: '__session=a.b.c.d.e' }],
  ])('says no more than that %s is signed in', async (_name, headers) => {
    expect(await entry.verifySession({ headers })).toEqual({ ok: false });
  });

  // The emulator and its stand-in look the user up with every token, with the flag or without.
  it.each<[string, (site: TestSite) => void]>([
    ['disabled', ({ auth }) => auth.accounts.set('tiki:4', { disabled: true })],
    ['deleted', ({ auth }) => auth.accounts.delete('tiki:4')],
    [
      'signed out everywhere',
      ({ auth }) =>
        auth.accounts.set('tiki:4', { validSince: Math.floor(Date.now() / 1_000) + 60 }),
    ],
  ])('does not know a user who was %s', async (_name, change) => {
    site.auth.accounts.set('tiki:4', {});
    const { response } = await site.signIn('4');
    const headers = [
      { cookie: cookieOf(response) },
      { authorization: `Bearer ${site.auth.idToken('tiki:4')}` },
    ];
    change(site);
    for (const each of headers) {
      const result = await entry.verifySession({ headers: each }, { checkRevoked: true });
      expect(result).toEqual({ ok: false });
    }
    // Nor at the next refresh, where nobody asks for more.
    moveClock(3_600_000);
    expect(await entry.verifySession({ headers: headers[0] ?? {} })).toEqual({ ok: false });
  });

  it('warns once of cookies that nobody can read, because the keys are missing', async () => {
    delete process.env['SESSION_KEYS'];
    jest.resetModules();
    const bare = (await import(BUILT)) as typeof Entry;
    const warnings = jest.spyOn(console, 'warn').mockImplementation();
    const { cookie } = await site.signIn('7');

    expect(await bare.verifySession({ headers: {} })).toEqual({ ok: false });
    expect(warnings).not.toHaveBeenCalled();
    for (let i = 0; i < 2; i += 1) {
      expect(await bare.verifySession({ headers: { cookie } })).toEqual({ ok: false });
    }
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(warnings).toHaveBeenCalledWith(expect.stringContaining("secrets: ['SESSION_KEYS']"));
    warnings.mockRestore();
    process.env['SESSION_KEYS'] = site.key;
  });

  it('names the role that its account lacks, and the service whose account it is', async () => {
    const { cookie } = await site.signIn('6');
    site.auth.denied = true;
    const failure: unknown = await entry
      .verifySession({ headers: { cookie } }, { checkRevoked: true })
      .catch((error: unknown) => error);
    site.auth.denied = false;

    expect(failure).toMatchObject({ code: 'misconfigured' });
    expect(JSON.stringify(failure)).toMatch(
      /--role roles\/firebaseauth\.admin .*gcloud run services describe app --region/,
    );
  });

  it('fails, and signs nobody out, when Google does not answer', async () => {
    const { cookie } = await site.signIn('5');
    moveClock(3_600_000);
    site.auth.refreshing = 'unavailable';
    await expect(entry.verifySession({ headers: { cookie } })).rejects.toMatchObject({
      code: 'upstream-unavailable',
    });
    site.auth.refreshing = 'works';
    expect(await entry.verifySession({ headers: { cookie } })).toMatchObject({ ok: true });
  });
});
