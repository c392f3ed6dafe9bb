import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import { sdkForTests } from '@tiki-bridge/testing/tini-runtime/firebase-sdk';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { AN, BINH, DOMAIN, phoneWithServer } from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, problem, type StandIn } from '@tiki-bridge/testing/tini-runtime/stand-in';

describe('the official SDK, built for the Tini runtime', () => {
  const sdk = sdkForTests('firebase-auth.js');
  let server: StandIn;
  let phone: Phone;
  beforeEach(() => {
    ({ phone, server } = phoneWithServer(Date.now));
  });

  /** In a new start of the app. */
  const run = (body: string) => sdk.open(phone).run(body);

  it('prints its sizes', () => {
    expect(sdk.printed()).toMatch(/^cjs\/firebase-auth\.js: \d{5} bytes minified \(limit 95 KB\)/m);
    expect(sdk.printed()).toMatch(
      /^cjs\/firebase-auth-firestore\.js: \d{6} bytes minified \(limit 205 KB\)/m,
    );
  });

  it('signs in, reads claims and refreshes them on demand, over its own domain', async () => {
    server.claims = { provider: 'tiki' };
    const opened = sdk.open(phone);
    const read = () =>
      opened.run(`
        const user = auth.currentUser || (await login());
        const { claims } = await sdk.getIdTokenResult(user, true);
        return { uid: user.uid, claims };
      `);
    expect(await read()).toMatchObject({ uid: 'tiki:1001', claims: { provider: 'tiki' } });
    server.claims = { provider: 'tiki', premiumAccount: true };
    expect(await read()).toMatchObject({ claims: { premiumAccount: true } });
    expect(new Set(phone.requests.map(({ url }) => new URL(url).origin))).toEqual(
      new Set([DOMAIN]),
    );
    expect(phone.requests.map(({ url, headers }) => [url.slice(DOMAIN.length), headers])).toEqual(
      [
        '/auth_exchange',
        '/identitytoolkit/v1/accounts:signInWithCustomToken',
        '/identitytoolkit/v1/accounts:lookup',
        '/securetoken/v1/token',
        '/securetoken/v1/token',
      ].map((path) => [path, { 'Content-Type': 'application/json' }]),
    );
    expect(phone.requests.at(-1)?.data).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh tiki:1001',
    });
  });

  it('is restored after a restart, without a login', async () => {
    await run('await login();');
    phone.requests.length = 0;
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
    expect(phone.requests.map(({ url }) => url)).not.toContain(`${DOMAIN}/auth_exchange`);
  });

  it('is restored without a network', async () => {
    await run('await login();');
    phone.online = false;
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('is not restored for another Tiki user, and erases the session', async () => {
    await run('await login();');
    phone.customer = BINH;
    expect(await run('return await restored;')).toBeNull();
    phone.customer = AN;
    expect(await run('return await restored;')).toBeNull();
  });

  it('is not restored but kept while Tiki does not identify the customer', async () => {
    await run('await login();');
    phone.userInfo = 'fails';
    expect(await run('return await restored;')).toBeNull();
    phone.userInfo = 'answers';
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('is not restored but kept while Tiki reports a guest', async () => {
    await run('await login();');
    phone.customer = { id: '', name: '' };
    expect(await run('return await restored;')).toBeNull();
    phone.customer = AN;
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('signs out when the app is shown again to another Tiki user', async () => {
    const opened = sdk.open(phone);
    await opened.run('await login();');
    const signedOut = opened.run(`
      return await new Promise((resolve) => {
        sdk.onAuthStateChanged(auth, (user) => { if (!user) resolve('signed out'); });
      });
    `);
    phone.customer = BINH;
    opened.show();
    expect(await signedOut).toBe('signed out');
  });

  it('leaves nothing in storage after a sign-out', async () => {
    await run('await login(); await sdk.signOut(auth);');
    expect([...phone.storage.values()].join()).not.toMatch(/refresh|tiki:/);
    expect(await run('return await restored;')).toBeNull();
  });

  it.each([
    ['INVALID_CUSTOM_TOKEN', 'auth/invalid-custom-token'],
    ['CREDENTIAL_MISMATCH', 'auth/custom-token-mismatch'],
    ['USER_DISABLED', 'auth/user-disabled'],
  ])('speaks of %s in its own words', async (message, code) => {
    server.answers.push({ path: 'signInWithCustomToken', answer: googleError(400, message) });
    expect(
      await run(`return await sdk.signInWithCustomToken(auth, 'x').catch((e) => e.code);`),
    ).toBe(code);
  });

  it.each([
    ['QUOTA_EXCEEDED : Exceeded quota for verifying custom tokens.', 'auth/quota-exceeded'],
    ['TOO_MANY_ATTEMPTS_TRY_LATER', 'auth/too-many-requests'],
  ])('keeps the session when Google throttles with %s', async (message, code) => {
    const opened = sdk.open(phone);
    await opened.run('await login();');
    for (const status of [400, 429, 503]) {
      server.answers.push({ path: '/securetoken', answer: googleError(status, message) });
      expect(
        await opened.run(
          `return await sdk.getIdToken(auth.currentUser, true).catch((e) => e.code);`,
        ),
      ).toBe(code);
      expect(opened.uid()).toBe('tiki:1001');
    }
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it("reports the gateway's own problems and a lost network as a network failure", async () => {
    const signIn = `return await sdk.signInWithCustomToken(auth, 'x').catch((e) => e.code);`;
    const answer = problem(503, 'upstream-unavailable');
    server.answers.push({ path: 'signInWithCustomToken', answer });
    expect(await run(signIn)).toBe('auth/network-request-failed');
    phone.online = false;
    expect(await run(signIn)).toBe('auth/network-request-failed');
  });

  it('can be created once, with the address of a domain', async () => {
    const again = (url: string) =>
      run(`
        try { sdk.createFirebase(my, { baseUrl: ${JSON.stringify(url)}, projectId: 'a' }); }
        catch (error) { return error.message; }
      `);
    expect(await again(DOMAIN)).toMatch('has been called before');
    phone = { ...phone, domains: ['http://app.example.vn'] };
    await expect(async () => run('')).rejects.toThrow('baseUrl must be the https address');
  });

  describe.each(Object.entries(BEHAVIOURS))('where my.request gives %s', (_, behaviour) => {
    beforeEach(() => {
      phone.behaviour = behaviour;
    });

    it('signs in, refreshes and is restored', async () => {
      // The program's own exchange only handles documented responses.
      const signIn = `await sdk.signInWithCustomToken(auth, 'tiki:1001');`;
      server.claims = { premiumAccount: true };
      expect(
        await run(`${signIn} return (await sdk.getIdTokenResult(auth.currentUser, true)).claims;`),
      ).toMatchObject({ premiumAccount: true });
      expect(await run('return (await restored).uid;')).toBe('tiki:1001');
    });
  });
});
