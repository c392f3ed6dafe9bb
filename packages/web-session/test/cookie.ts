import type { BrowserContext } from 'playwright-core';
import { serveCookieSessions } from './support/sessions';
import { servePackage, type Site, startSite } from './support/site';
import { open, user, world } from './support/world';

let site: Site;
beforeEach(async () => {
  site = await startSite();
  servePackage(site, world().build.folder);
  serveCookieSessions(site);
});
afterEach(() => site.stop());

type Prepare = (context: BrowserContext) => Promise<unknown>;

describe.each<[string, string, Prepare]>([
  ['the page forbids workers (CSP)', '/page?no-worker', () => Promise.resolve()],
  [
    'the browser has no workers',
    '/page',
    (context) => context.addInitScript('delete Navigator.prototype.serviceWorker'),
  ],
  [
    'the site does not serve the worker',
    '/page',
    () => {
      site.routes.set('/session-worker.js', () => ({ status: 404 }));
      return Promise.resolve();
    },
  ],
])('where %s', (_, path, prepare) => {
  it('the session is in the cookie, and the page sees no difference', async () => {
    const context = await world().browser.newContext();
    await prepare(context);
    const page = await open(context, site, path);
    const said: string[] = [];
    page.on('pageerror', ({ message }) => said.push(message));
    expect(await user(page)).toBeNull();

    const an = { uid: 'tiki:1', name: 'name of tiki:1' };
    expect(await page.evaluate(`session.signIn('tiki:1')`)).toEqual(an);
    await page.reload();
    await page.waitForFunction('window.session');
    expect(await user(page)).toEqual(an);

    await page.evaluate('session.signOut({ everywhere: true })');
    expect(await user(page)).toBeNull();
    expect(site.at('/session/sign_out')).toMatchObject([{ body: '{"everywhere":true}' }]);
    expect(context.serviceWorkers()).toEqual([]);
    expect(said).toEqual([]);
  });
});

it('tells the other tabs of sessions in the cookie too', async () => {
  const context = await world().browser.newContext();
  const page = await open(context, site, '/page?no-worker');
  const tab = await open(context, site, '/page?no-worker');

  await page.evaluate(`session.signIn('tiki:1')`);
  await tab.waitForFunction('changes.length === 1');
  await page.evaluate('session.signOut()');
  await tab.waitForFunction('changes.length === 2');

  const changes = [{ uid: 'tiki:1', name: 'name of tiki:1' }, null];
  expect(await tab.evaluate('changes')).toEqual(changes);
  expect(await page.evaluate('changes')).toEqual(changes);
});

it('signs out although the server cannot tell who is signed in', async () => {
  const context = await world().browser.newContext();
  const page = await open(context, site, '/page?no-worker');
  await page.evaluate(`session.signIn('tiki:1')`);
  site.routes.set('/session/user', () => ({ status: 503, body: '{}' }));

  await page.evaluate('session.signOut()');
  expect(await context.cookies()).toEqual([]);
});

it('rejects with the code of the bridge', async () => {
  const page = await open(await world().browser.newContext(), site, '/page?no-worker');
  const codeOf = (call: string) => page.evaluate(`${call}.catch(({ code }) => code)`);

  expect(await codeOf(`session.signIn('invalid')`)).toBe('unauthenticated');
  for (const path of ['user', 'sign_in']) {
    site.routes.set(`/session/${path}`, () => Promise.reject(new Error('the connection breaks')));
  }
  expect(await codeOf('session.user()')).toBe('unreachable');
  expect(await codeOf(`session.signIn('tiki:1')`)).toBe('unreachable');
});
