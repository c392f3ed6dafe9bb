import { startSite, type TestSite } from '../../sessions/support/site';

/** Attack: the session's value under another name, which Hosting would remove but other hosts do not. */
describe('a cookie other than __session', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it.each(['session', '__Session', '__SESSION', '__session2', 'x__session', '__Host-__session'])(
    'signs nobody in: %s',
    async (name) => {
      const { cookie } = await site.signIn('1');
      const value = cookie.slice('__session='.length);
      const response = await site.ask('/session/user', {
        headers: { Cookie: `a=b; ${name}=${value}; c=__session=${value}` },
      });
      expect(await response.json()).toEqual({ user: null, csrfToken: null });
    },
  );

  it('does not disturb the session either', async () => {
    const { cookie } = await site.signIn('1');
    const response = await site.ask('/session/user', {
      headers: { Cookie: `theme=dark;${cookie} ; __session_hint=1` },
    });
    expect(await response.json()).toMatchObject({ user: { uid: 'tiki:1' } });
  });
});
