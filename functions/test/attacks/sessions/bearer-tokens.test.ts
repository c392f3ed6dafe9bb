import { ORIGIN, newSecret, startSite, type TestSite } from '../../sessions/support/site';

/** Attack: an `Authorization` header with anything but an ID token of this project's user. */
describe('a Bearer token', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
    site.auth.accounts.set('tiki:1', {});
    site.auth.accounts.set('tiki:2', { disabled: true });
    site.auth.accounts.set('tiki:3', { validSince: Math.floor(Date.now() / 1_000) + 60 });
    site.auth.accounts.set('email-user', {});
  });
  afterAll(() => site.close());

  const ask = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    const body = { challenge: newSecret(), origin: ORIGIN };
    const [user, handOver] = await Promise.all([
      site.ask('/session/user', { headers }),
      site.ask('/session/hand_over', { body, headers }),
    ]);
    const { user: who } = (await user.json()) as { readonly user: unknown };
    return { who, handOver: handOver.status };
  };

  it('of a user is taken', async () => {
    // Without Firestore there are no codes; the user is known all the same.
    expect(await ask(site.auth.idToken('tiki:1'))).toEqual({
      who: { uid: 'tiki:1', name: null },
      handOver: 503,
    });
  });

  it.each<[string, () => string]>([
    ['a.b.c', () => 'a.b.c'],
    ['a single word', () => 'owner'],
    ['dots', () => '..'],
    ['of another project', () => site.auth.idToken('tiki:1', { aud: 'other' })],
    ['of another issuer', () => site.auth.idToken('tiki:1', { iss: 'https://evil.example' })],
    ['that has expired', () => site.auth.idToken('tiki:1', { exp: 1_000 })],
    ['without a user', () => site.auth.idToken('tiki:1', { sub: '' })],
    ['of a user who was deleted', () => site.auth.idToken('tiki:404')],
    ['of a user who was disabled', () => site.auth.idToken('tiki:2')],
    ['of a user who signed out everywhere', () => site.auth.idToken('tiki:3')],
    ['that is a custom token', () => site.auth.customToken('1')],
  ])('is refused: %s', async (_name, token) => {
    expect(await ask(token())).toEqual({ who: null, handOver: 401 });
  });

  it.each<[string, object]>([
    ['another provider', { provider: 'password' }],
    ['the id of another customer', { tikiCustomerId: '2' }],
    ['a number as id', { tikiCustomerId: 1 }],
    ['no id', { tikiCustomerId: undefined }],
  ])('cannot be handed over with %s: the code is worth a login', async (_name, claims) => {
    expect((await ask(site.auth.idToken('tiki:1', { ...claims }))).handOver).toBe(403);
  });

  it('that is no good is not replaced by the cookie: it may be another user’s', async () => {
    const { cookie } = await site.signIn('1');
    const headers = { Authorization: 'Bearer a.b.c', Cookie: cookie };
    const response = await site.ask('/session/user', { headers });
    expect(await response.json()).toEqual({ user: null, csrfToken: null });
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});
