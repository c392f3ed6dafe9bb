import { serveHandOvers } from '../support/sessions';
import { codeMessage, openWebView } from '../support/web-view';
import { newUid, user, world } from '../support/world';

it('a code that has expired at the bridge signs nobody in', async () => {
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView({ timeoutMs: 2_000 });
  await webView.bridgeReady();
  const { challenge } = await webView.announcement();

  const code = handOvers.issue(newUid(), challenge);
  handOvers.expire();
  await webView.post(codeMessage(code));

  expect(await webView.outcome()).toBe('app-silent');
  expect(await user(webView.page)).toBeNull();
});

it('a code that arrives after the page has given up is not traded', async () => {
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView({ timeoutMs: 500 });
  await webView.bridgeReady();
  const { challenge } = await webView.announcement();
  expect(await webView.outcome()).toBe('app-silent');
  const before = world().site.at('/session/trade').length;

  await webView.post(codeMessage(handOvers.issue(newUid(), challenge)));

  expect(await user(webView.page)).toBeNull();
  expect(world().site.at('/session/trade')).toHaveLength(before);
});
