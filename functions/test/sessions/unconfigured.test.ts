import { newSecret, ORIGIN, startSite, type TestSite } from './support/site';

const trade = () => ({ code: newSecret(), verifier: newSecret() });

describe('a project that has not set up web sessions', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it.each([
    ['without WEB_ORIGINS', { WEB_ORIGINS: '' }, 'WEB_ORIGINS is not set'],
    ['without SESSION_KEYS', { SESSION_KEYS: '' }, 'SESSION_KEYS is not set'],
  ])('says so on every route, and its log how to: %s', async (_name, env, cause) => {
    const bare = await site.sibling(env);
    const answers = await Promise.all([
      bare.ask('/session/hand_over', { body: { challenge: newSecret(), origin: ORIGIN } }),
      bare.ask('/session/trade', { body: trade() }),
      bare.ask('/session/sign_in', { body: trade() }),
      bare.ask('/session/sign_out', { body: {} }),
      bare.ask('/session/user'),
      bare.ask('/session/csrf_token'),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'not-configured' });
    }
    expect(bare.logged()).toContain(cause);
    expect(bare.logged()).toContain(
      'openssl rand -base64 32 | npx firebase functions:secrets:set SESSION_KEYS --data-file - ' +
        '--project demo-tiki-bridge',
    );
    // What is wrong with a request is said first, as everywhere.
    expect((await bare.ask('/session/trade', { body: {} })).status).toBe(400);
    expect((await bare.ask('/session/trade')).status).toBe(405);
    expect((await bare.ask('/session/else')).status).toBe(404);
  });

  it.each(['short', `${'x'.repeat(43)}=\nshort`, Array(6).fill('x'.repeat(43)).join('\n')])(
    'is misconfigured by keys of another form, which are not logged: %j',
    async (keys) => {
      const bare = await site.sibling({ SESSION_KEYS: keys });
      expect(await (await bare.ask('/session/user')).json()).toMatchObject({
        code: 'misconfigured',
      });
      expect(bare.logged()).toContain('SESSION_KEYS must have 1 to 5 lines');
      expect(bare.logged()).not.toMatch(/short|xxx/);
    },
  );

  it('says which parameter refuses a page, and not what the page sent', async () => {
    const bare = await site.sibling({});
    const headers = { Origin: 'https://www.shop.example.com' };
    expect((await bare.ask('/session/trade', { body: trade(), headers })).status).toBe(403);
    expect(bare.logged()).toContain('add its exact origin to WEB_ORIGINS');
    expect(bare.logged()).not.toContain('www.shop');
  });

  it('needs the key for Google outside of the emulators', async () => {
    const bare = await site.sibling({ FIREBASE_AUTH_EMULATOR_HOST: '' });
    expect((await bare.ask('/session/user')).status).toBe(500);
    expect(bare.logged()).toContain('WEB_API_KEY is not set');
  });

  it('has no codes without Firestore, and sessions all the same', async () => {
    site.auth.accounts.set('tiki:1', {});
    const response = await site.ask('/session/hand_over', {
      body: { challenge: newSecret(), origin: ORIGIN },
      headers: { Authorization: `Bearer ${site.auth.idToken('tiki:1')}` },
    });
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'not-configured' }),
    ]);
    expect(site.logged()).toContain('without Firestore');
    expect((await site.signIn('1')).response.status).toBe(200);
  });
});

describe('the limits of the function', () => {
  it('are those of logins: 30 a minute and a burst of 10, of one address', async () => {
    const site = await startSite({ RATE_LIMIT_PER_MINUTE: '30' });
    const statuses: number[] = [];
    for (let call = 0; call < 41; call += 1) {
      const customToken = site.auth.customToken('1');
      const response = await site.ask('/session/sign_in', { body: { customToken } });
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(statuses).toEqual([...Array<number>(40).fill(200), 429]);
    // Pages that only ask who is signed in are not counted.
    expect((await site.ask('/session/user')).status).toBe(200);
    await site.close();
  });

  it('turn away what an instance cannot do at once', async () => {
    const site = await startSite({ MAX_IN_FLIGHT: '1' });
    const { cookie } = await site.signIn('1');
    // Another instance has to ask Google first.
    const busy = await site.sibling({ MAX_IN_FLIGHT: '1', SESSION_KEYS: site.key });
    let release: () => void = () => undefined;
    site.auth.hold = new Promise((resolve) => (release = resolve));
    const asked = new Promise<void>((resolve) => (site.auth.onCall = resolve));
    const slow = busy.ask('/session/user', { headers: { Cookie: cookie } });
    await asked;
    const refused = await busy.ask('/session/user');
    expect([refused.status, await refused.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'overloaded' }),
    ]);
    release();
    expect(await (await slow).json()).toMatchObject({ user: { uid: 'tiki:1' } });
    await site.close();
  });

  it('let a page of an allowed origin ask for a code, and no other route', async () => {
    const demo = 'http://localhost:5002';
    const site = await startSite({ ALLOWED_ORIGINS: demo });
    const preflight = (path: string) =>
      site.ask(path, {
        method: 'OPTIONS',
        headers: { Origin: demo, 'Access-Control-Request-Method': 'POST' },
      });
    expect((await preflight('/session/hand_over')).status).toBe(204);
    expect((await preflight('/session/trade')).status).toBe(405);
    await site.close();
  });
});
