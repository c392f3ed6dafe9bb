import { serveCookieSessions } from './support/sessions';
import { serveGateway, servePackage, type Site, startSite } from './support/site';
import { newUid, open, signIn, user, usersAt, world } from './support/world';

/** A site that has the bridge below /tiki, and nothing of it anywhere else. */
let site: Site;
beforeEach(async () => {
  site = await startSite();
  servePackage(site, world().build.folder, { pathPrefix: '/tiki' });
  serveGateway(site, world().auth.origin);
  serveCookieSessions(site);
  for (const [path, route] of [...site.routes]) {
    if (!/^\/(session|identitytoolkit|securetoken)\//.test(path)) continue;
    site.routes.set(`/tiki${path}`, route);
    site.routes.set(path, () => ({ status: 404 }));
  }
});
afterEach(() => site.stop());

it('keeps the session in the worker where the bridge is below a path', async () => {
  const page = await open(await world().browser.newContext(), site);
  const uid = newUid();

  expect(await signIn(page, uid)).toMatchObject({ uid });
  await page.evaluate(`Promise.all(
    ['/tiki/session/user', '/tiki/auth_info', '/__/firebase/init.json', '/tiki/backend/a', '/api']
      .map((path) => fetch(path, { method: 'GET' })))`);
  await page.evaluate('session.refresh()');

  const seen = (path: string) => usersAt(path, site).at(-1);
  expect(['/tiki/backend/a', '/api'].map(seen)).toEqual([uid, uid]);
  const tokenless = ['/tiki/session/user', '/tiki/auth_info', '/__/firebase/init.json'];
  expect(tokenless.map(seen)).toEqual([null, null, null]);
  const stray = site.arrived.filter(({ path }) =>
    /^\/(session|identitytoolkit|securetoken)\//.test(path),
  );
  expect(stray).toEqual([]);
});

it('keeps the session in a cookie where the bridge is below a path', async () => {
  const page = await open(await world().browser.newContext(), site, '/page?no-worker');

  await page.evaluate(`session.signIn('tiki:1')`);
  expect(await user(page)).toMatchObject({ uid: 'tiki:1' });
  await page.evaluate('session.signOut()');
  expect(await user(page)).toBeNull();
  expect(site.at('/tiki/session/sign_out')).toHaveLength(1);
});
