import { unsignedCustomToken } from '@tiki-bridge/testing/emulators/auth-emulator';
import { decodeToken } from '@tiki-bridge/testing/emulators/json-web-token';
import type { Page } from 'playwright-core';
import { stopWorker } from '../support/stop-worker';
import { serveCookieSessions, serveNoSessions } from '../support/sessions';
import {
  newPage,
  newPath,
  newSignedInPage,
  newUid,
  open,
  signIn,
  user,
  usersAt,
  workerOf,
  world,
} from '../support/world';

/** Navigates, and returns the user whom the server saw. */
async function navigate(page: Page): Promise<string | null | undefined> {
  const path = newPath('/page');
  await page.goto(world().site.origin + path);
  await page.waitForFunction('window.session');
  return usersAt(path)[0];
}

/** Sets the worker's clock forward. */
const advance = (page: Page, ms: number) =>
  workerOf(page).evaluate(`(() => {
    const now = Date.now;
    Date.now = () => now() + ${ms};
  })()`);

const HOUR_MS = 3_600_000;

it('carries the token in every navigation after signing in, and in none after signing out', async () => {
  const page = await newPage();
  const uid = newUid();

  await page.evaluate(`(async () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const navigate = (to) => new Promise((loaded) => { frame.onload = loaded; frame.src = to; });
    for (let i = 0; i < 100; i++) {
      await session.signIn(${JSON.stringify(unsignedCustomToken(uid))});
      await navigate('/in?' + i);
      await session.signOut();
      await navigate('/out?' + i);
    }
  })()`);

  expect(usersAt('/in')).toEqual(Array(100).fill(uid));
  expect(usersAt('/out')).toEqual(Array(100).fill(null));
});

it('keeps the session for reloads, new tabs, a stopped worker, and without the network', async () => {
  const page = await newPage();
  const uid = newUid();
  await world().auth.administer('accounts', { localId: uid, displayName: 'Trần Thu Hà' });
  expect(await user(page)).toBeNull();

  expect(await signIn(page, uid)).toEqual({ uid, name: 'Trần Thu Hà' });
  expect(await navigate(page)).toBe(uid);
  const tab = await open(page.context());
  expect(await user(tab)).toEqual({ uid, name: 'Trần Thu Hà' });

  await stopWorker(page);
  expect(await navigate(page)).toBe(uid);

  await stopWorker(page);
  const path = newPath('/after-a-stop');
  await page.evaluate(`fetch('${path}')`);
  expect(usersAt(path)).toEqual([uid]);

  await page.context().setOffline(true);
  await stopWorker(page);
  expect(await page.evaluate(`fetch('/api').catch(({ name }) => name)`)).toBe('TypeError');
  expect(await user(page)).toEqual({ uid, name: 'Trần Thu Hà' });
  await page.context().setOffline(false);
  expect(await navigate(page)).toBe(uid);
});

it('tells the other tabs who has signed in or out', async () => {
  const page = await newPage();
  const tab = await open(page.context());
  const uid = newUid();

  await signIn(page, uid);
  await tab.waitForFunction('changes.length === 1');
  await page.evaluate('session.signOut()');
  await tab.waitForFunction('changes.length === 2');

  const changes = [{ uid, name: null }, null];
  expect(await tab.evaluate('changes')).toEqual(changes);
  expect(await page.evaluate('changes')).toEqual(changes);
  expect(await user(tab)).toBeNull();
});

it('refreshes an expired token, once for all requests that wait for it', async () => {
  const page = await newPage();
  const uid = newUid();
  await signIn(page, uid);
  await navigate(page);
  const refreshes = () => world().site.at('/securetoken/v1/token').length;
  const before = refreshes();

  await advance(page, HOUR_MS);
  await page.evaluate(`Promise.all([fetch('/api?1'), fetch('/api?2'), fetch('/api?3')])`);

  expect(usersAt('/api')).toEqual([uid, uid, uid]);
  expect(refreshes() - before).toBe(1);
});

it('gets the new claims of an account when it is told to refresh', async () => {
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const premiumAt = async () => {
    const path = newPath('/premium');
    await page.evaluate(`fetch('${path}')`);
    const token = world().site.at(path)[0]?.headers.authorization?.replace('Bearer ', '');
    return decodeToken(token ?? '').payload['premiumAccount'];
  };
  const customAttributes = JSON.stringify({ premiumAccount: true });
  await world().auth.administer('accounts:update', { localId: uid, customAttributes });
  expect(await premiumAt()).toBeUndefined();

  await page.evaluate('session.refresh()');

  expect(await premiumAt()).toBe(true);
});

describe('a user whom the project', () => {
  it.each([
    ['disables', 'accounts:update', (localId: string) => ({ localId, disableUser: true })],
    ['deletes', 'accounts:delete', (localId: string) => ({ localId })],
  ])('%s is signed out in all tabs by the next refresh', async (_, method, body) => {
    const page = await newPage();
    const tab = await open(page.context());
    const uid = newUid();
    await signIn(page, uid);
    await tab.waitForFunction('changes.length === 1');
    await world().auth.administer(method, body(uid));
    expect(await navigate(page)).toBe(uid);

    await advance(page, HOUR_MS);
    expect(await navigate(page)).toBeNull();

    await tab.waitForFunction('changes.length === 2');
    expect(await tab.evaluate('changes[1]')).toBeNull();
    expect(await user(page)).toBeNull();
  });
});

describe('while the gateway fails', () => {
  const GATEWAY = ['/securetoken/v1/token', '/identitytoolkit/v1/accounts:lookup'];

  it.each([
    ['is busy', { status: 429, body: '{"error":{"message":"QUOTA_EXCEEDED"}}' }],
    ['is down', { status: 503, body: '{"error":{"message":"UNAVAILABLE"}}' }],
    ['is not deployed', { status: 404, body: '<!doctype html>' }],
  ])('because it %s, requests go out unchanged and the session stays', async (_, reply) => {
    const page = await newPage();
    const uid = newUid();
    await signIn(page, uid);
    const { routes } = world().site;
    const working = GATEWAY.map((path) => [path, routes.get(path)] as const);
    for (const path of GATEWAY) routes.set(path, () => reply);

    await advance(page, HOUR_MS);
    expect(await navigate(page)).toBeNull();
    await stopWorker(page);
    expect(await user(page)).toEqual({ uid, name: null });

    for (const [path, route] of working) if (route) routes.set(path, route);
    await page.evaluate(`fetch('/after-${reply.status}')`);
    expect(usersAt(`/after-${reply.status}`)).toEqual([uid]);
  });

  it('for long, a request does not wait for longer than 8 s', async () => {
    const page = await newPage();
    await signIn(page, newUid());
    const { routes } = world().site;
    const [path] = GATEWAY;
    const route = path === undefined ? undefined : routes.get(path);
    if (path === undefined || route === undefined) throw new Error('There is no gateway.');
    let release: () => void = () => undefined;
    const held = new Promise<object>((resolve) => {
      release = () => {
        resolve({});
      };
    });
    routes.set(path, () => held);

    await advance(page, HOUR_MS);
    // Resolves although the gateway has not answered.
    await workerOf(page).evaluate(`(() => {
      const wait = setTimeout;
      self.setTimeout = (call, ms) => wait(call, ms === 8_000 ? 0 : ms);
    })()`);
    await page.evaluate(`fetch('/held')`);

    expect(usersAt('/held')).toEqual([null]);
    release();
    routes.set(path, route);
  });
});

it('is replaced by a new version at once, which keeps the session', async () => {
  const page = await newPage();
  const uid = newUid();
  await signIn(page, uid);
  const { routes } = world().site;
  const route = routes.get('/session-worker.js');
  if (route === undefined) throw new Error('There is no worker.');
  routes.set('/session-worker.js', async (arrived) => {
    const reply = await route(arrived);
    return { ...reply, body: `${reply.body ?? ''}\nself.isNewVersion = true;` };
  });

  await page.evaluate(`(async () => {
    const controlled = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    });
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    // A command in the middle of the update is not lost.
    await session.user();
    await controlled;
  })()`);

  const versions = await Promise.all(
    page
      .context()
      .serviceWorkers()
      .map((each) => each.evaluate('self.isNewVersion === true')),
  );
  expect(versions).toContain(true);
  expect(await user(page)).toEqual({ uid, name: null });
  expect(await navigate(page)).toBe(uid);
  routes.set('/session-worker.js', route);
});

it('refuses an invalid custom token with the code of Firebase', async () => {
  const page = await newPage();
  const code = await page.evaluate(`session.signIn('no.such.token').catch(({ code }) => code)`);

  expect(code).toBe('auth/invalid-custom-token');
  expect(await user(page)).toBeNull();
});

describe('a session in the cookie, from a visit without the worker', () => {
  it('is the session of a visit with the worker, too', async () => {
    const { site } = world();
    const page = await newPage();
    await page.context().addCookies([{ name: '__session', value: 'tiki:9', url: site.origin }]);
    serveCookieSessions(site);

    expect(await user(page)).toEqual({ uid: 'tiki:9', name: 'name of tiki:9' });

    serveNoSessions(site);
  });

  it('ends when somebody signs in or out in the worker', async () => {
    const { site } = world();
    const uid = newUid();
    serveCookieSessions(site);
    const page = await newPage();
    const withCookie = () =>
      page.context().addCookies([{ name: '__session', value: 'tiki:9', url: site.origin }]);
    const cookies = () => page.context().cookies();

    await withCookie();
    await signIn(page, uid);
    expect(await cookies()).toEqual([]);

    await withCookie();
    await page.evaluate('session.signOut()');
    expect(await cookies()).toEqual([]);
    expect(await user(page)).toBeNull();

    serveNoSessions(site);
  });

  it('may survive if the server cannot be asked, but the session in the worker ends', async () => {
    const { site } = world();
    const page = await newSignedInPage(newUid());
    site.routes.set('/session/csrf_token', () => ({ status: 503, body: '{}' }));

    const code = await page.evaluate(`session.signOut().catch(({ code }) => code)`);
    serveNoSessions(site);

    expect(code).toBe('unreachable');
    expect(await user(page)).toBeNull();
  });
});

it('signs out everywhere with the token of the user', async () => {
  const { site } = world();
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const before = site.at('/session/sign_out').length;
  serveCookieSessions(site);

  await page.evaluate('session.signOut({ everywhere: true })');
  serveNoSessions(site);

  const [arrived] = site.at('/session/sign_out').slice(before);
  expect(arrived).toMatchObject({ body: '{"everywhere":true}' });
  expect(usersAt('/session/sign_out').slice(before)).toEqual([uid]);
});

it("works inside a site's own worker, which imports it", async () => {
  const { site } = world();
  const uid = newUid();
  site.routes.set('/own-worker.js', () => ({
    headers: { 'Content-Type': 'text/javascript' },
    body: `importScripts('/session-worker.js');
      addEventListener('fetch', (event) => {
        if (event.request.url.endsWith('/of-the-site')) event.respondWith(new Response('from it'));
      });`,
  }));
  const page = await (await world().browser.newContext()).newPage();
  await page.goto(`${site.origin}/`);

  await page.evaluate(`(async () => {
    const { startSession } = await import('/session.js');
    await startSession({ worker: '/own-worker.js' }).signIn(${JSON.stringify(unsignedCustomToken(uid))});
  })()`);
  const path = newPath('/api');
  await page.evaluate(`fetch('${path}')`);

  expect(usersAt(path)).toEqual([uid]);
  expect(await page.evaluate(`fetch('/__/of-the-site').then((it) => it.text())`)).toBe('from it');
});
