import { BEHAVIOURS, type RequestBehaviour } from '../tini-runtime/behaviour';
import { createPhone, type Phone } from '../tini-runtime/phone';
import type { Transport, WireAnswer } from '../tini-runtime/transport';
import { AN, BINH, buildSdk, DOMAIN, openProgram, type SdkBuild } from './firebase-sdk';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Server {
  readonly transport: Transport;
  /** Claims of the account, from the next token on. */
  claims: Record<string, unknown>;
  /** Instead of the usual answer, for the next request. */
  next: WireAnswer | undefined;
}

const json = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The bridge and the gateway in memory: the uid is the auth code, and every token holds it. */
function createServer(): Server {
  const idToken = (uid: string) => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      ...server.claims,
      sub: uid,
      user_id: uid,
      auth_time: iat,
      iat,
      exp: iat + 3600,
    };
    return `${base64url({ alg: 'none' })}.${base64url(claims)}.`;
  };
  const uidOf = (token: unknown) =>
    (
      JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as {
        readonly sub: string;
      }
    ).sub;
  const routes: Record<string, (body: Record<string, unknown>) => unknown> = {
    '/auth_exchange': ({ code }) => ({ customToken: code }),
    '/identitytoolkit/v1/accounts:signInWithCustomToken': ({ token }) => ({
      idToken: idToken(String(token)),
      refreshToken: `refresh ${String(token)}`,
      expiresIn: '3600',
    }),
    '/identitytoolkit/v1/accounts:lookup': (body) => ({
      users: [{ localId: uidOf(body['idToken']) }],
    }),
    '/securetoken/v1/token': (body) => ({
      access_token: idToken(String(body['refresh_token']).replace('refresh ', '')),
      refresh_token: body['refresh_token'],
      expires_in: '3600',
      granted: body['grant_type'],
    }),
  };
  const server: Server = {
    claims: {},
    next: undefined,
    transport: ({ url, body = '{}' }) => {
      const { next } = server;
      server.next = undefined;
      const route = routes[url.slice(DOMAIN.length)];
      if (!route) return Promise.resolve(json(404, { code: 'not-found' }));
      return Promise.resolve(next ?? json(200, route(JSON.parse(body) as Record<string, unknown>)));
    },
  };
  return server;
}

describe('the official SDK, built for the Tini runtime', () => {
  let build: SdkBuild;
  let server: Server;
  let phone: Phone;
  beforeAll(() => {
    build = buildSdk();
  });
  afterAll(() => {
    build.remove();
  });
  beforeEach(() => {
    server = createServer();
    phone = createPhone({
      domains: [DOMAIN],
      transport: server.transport,
      issueAuthCode: ({ id }) => `tiki:${id}`,
      customer: AN,
    });
  });

  const run = (program: string) =>
    openProgram(build, 'firebase-auth.js', phone, `async () => { ${program} }`).run();

  it('says how large it is', () => {
    expect(build.printed).toMatch(/^firebase-auth\.js: \d{5} bytes minified \(limit 95 KB\)/m);
    expect(build.printed).toMatch(
      /^firebase-auth-firestore\.js: \d{6} bytes minified \(limit 200 KB\)/m,
    );
  });

  it('signs in, reads claims and refreshes them by force, over the one domain', async () => {
    server.claims = { provider: 'tiki' };
    const opened = openProgram(
      build,
      'firebase-auth.js',
      phone,
      `async () => {
        const user = auth.currentUser || (await login());
        const { claims } = await sdk.getIdTokenResult(user, true);
        return { uid: user.uid, claims };
      }`,
    );
    expect(await opened.run()).toMatchObject({ uid: 'tiki:1001', claims: { provider: 'tiki' } });
    server.claims = { provider: 'tiki', premiumAccount: true };
    expect(await opened.run()).toMatchObject({ claims: { premiumAccount: true } });
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

  it('is not restored for another Tiki user, and the session is gone then', async () => {
    await run('await login();');
    phone.customer = BINH;
    expect(await run('return await restored;')).toBeNull();
    phone.customer = AN;
    expect(await run('return await restored;')).toBeNull();
  });

  it('is not restored while Tiki does not say who is there, but kept', async () => {
    await run('await login();');
    phone.userInfo = 'fails';
    expect(await run('return await restored;')).toBeNull();
    phone.userInfo = 'answers';
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('is not restored while Tiki names a guest, but kept', async () => {
    await run('await login();');
    phone.customer = { id: '', name: '' };
    expect(await run('return await restored;')).toBeNull();
    phone.customer = AN;
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('signs out when the app is shown again to another Tiki user', async () => {
    const switching: Phone = createPhone({
      ...phone,
      transport: (request) => {
        if (request.url.endsWith('/in-the-background')) {
          switching.customer = BINH;
          opened.show();
        }
        return server.transport(request);
      },
    });
    const opened = openProgram(
      build,
      'firebase-auth.js',
      switching,
      `async () => {
        await login();
        return await new Promise((resolve) => {
          sdk.onAuthStateChanged(auth, (user) => { if (!user) resolve('signed out'); });
          my.request({ url: baseUrl + '/in-the-background' });
        });
      }`,
    );
    expect(await opened.run()).toBe('signed out');
  });

  it('leaves nothing behind when it signs out', async () => {
    await run('await login(); await sdk.signOut(auth);');
    expect([...phone.storage.values()].join()).not.toMatch(/refresh|tiki:/);
    expect(await run('return await restored;')).toBeNull();
  });

  it.each([
    ['INVALID_CUSTOM_TOKEN', 'auth/invalid-custom-token'],
    ['CREDENTIAL_MISMATCH', 'auth/custom-token-mismatch'],
    ['USER_DISABLED', 'auth/user-disabled'],
  ])('speaks of %s in its own words', async (message, code) => {
    server.next = json(400, { error: { code: 400, message } });
    expect(
      await run(`return await sdk.signInWithCustomToken(auth, 'x').catch((e) => e.code);`),
    ).toBe(code);
  });

  it("takes the gateway's own problems and a lost network for a network failure", async () => {
    const signIn = `return await sdk.signInWithCustomToken(auth, 'x').catch((e) => e.code);`;
    server.next = json(503, { status: 503, code: 'upstream-unavailable' });
    expect(await run(signIn)).toBe('auth/network-request-failed');
    phone.online = false;
    expect(await run(signIn)).toBe('auth/network-request-failed');
  });

  it('is created once, with the address of a domain', async () => {
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
      phone.behaviour = behaviour satisfies RequestBehaviour;
    });

    it('signs in, refreshes and is restored', async () => {
      // The exchange is the program's own and reads only what is documented.
      const signIn = `await sdk.signInWithCustomToken(auth, 'tiki:1001');`;
      server.claims = { premiumAccount: true };
      expect(
        await run(`${signIn} return (await sdk.getIdTokenResult(auth.currentUser, true)).claims;`),
      ).toMatchObject({ premiumAccount: true });
      expect(await run('return (await restored).uid;')).toBe('tiki:1001');
    });
  });
});
