import { serveHandOvers } from './support/sessions';
import { codeMessage, openWebView } from './support/web-view';
import { newUid, user, world } from './support/world';

it('hands the user of the Tini App over to the page in its web-view', async () => {
  const uid = newUid();
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView();

  await webView.bridgeReady();
  const { type, challenge, origin } = await webView.announcement();
  await webView.post(codeMessage(handOvers.issue(uid, challenge)));

  expect(type).toBe('tiki-firebase-hand-over');
  expect(challenge).toMatch(/^[\w-]{43}$/);
  expect(origin).toBe(world().site.origin);
  expect(await webView.outcome()).toEqual({ uid, name: null });
  expect(await user(webView.page)).toEqual({ uid, name: null });
});

it('announces the page again until it is answered, and never the verifier', async () => {
  const uid = newUid();
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView();
  await webView.bridgeReady();

  await webView.page.waitForFunction('announced.length >= 3');
  const { challenge } = await webView.announcement();
  await webView.post(codeMessage(handOvers.issue(uid, challenge)));
  await webView.outcome();

  const announced = await webView.page.evaluate<object[]>('announced');
  expect(new Set(announced.map((each) => JSON.stringify(each))).size).toBe(1);
  const [traded] = world().site.at('/session/trade').slice(-1);
  const { verifier } = JSON.parse(traded?.body ?? '') as { readonly verifier: string };
  expect(JSON.stringify(announced)).not.toContain(verifier);
  expect(webView.page.url()).not.toMatch(/code|token|verifier/);
});

it('leaves other messages to the handler of the page', async () => {
  const webView = await openWebView({ timeoutMs: 1 });
  await webView.page.evaluate(`(() => {
    window.others = [];
    window.onmessage = ({ data }) => others.push(data);
    window.outcome = handOver(session).catch(({ code }) => code);
  })()`);
  await webView.bridgeReady();
  await webView.announcement();

  await webView.post({ type: 'of the page' });

  expect(await webView.page.evaluate('others')).toEqual([{ type: 'of the page' }]);
});

it.each([
  ['the page is in no web-view', false, 'not-in-tini-app'],
  ['the app does not answer', true, 'app-silent'],
])('ends in time where %s', async (_, isInApp, code) => {
  const webView = await openWebView({ timeoutMs: isInApp ? 2_000 : 10 });
  if (isInApp) await webView.bridgeReady();

  expect(await webView.outcome()).toBe(code);
});

it('fails with the code of the bridge where it has no sessions', async () => {
  const { routes } = world().site;
  const body = JSON.stringify({ code: 'not-configured' });
  routes.set('/session/trade', () => ({ status: 503, body }));
  const webView = await openWebView();

  await webView.bridgeReady();
  await webView.announcement();
  await webView.post(codeMessage('c'.repeat(43)));

  expect(await webView.outcome()).toBe('not-configured');
});
