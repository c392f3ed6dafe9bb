import { serveHandOvers } from '../support/sessions';
import { codeMessage, openWebView } from '../support/web-view';
import { newUid, user, world } from '../support/world';

// A thief who can send messages to the page wants it to sign in as the thief.
it('a code for another verifier is refused, and the right one is still accepted', async () => {
  const [uid, thief] = [newUid(), newUid()];
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView();
  await webView.bridgeReady();
  const { challenge } = await webView.announcement();

  const refused = webView.page.waitForResponse('**/session/trade');
  await webView.post(codeMessage(handOvers.issue(thief, 't'.repeat(43))));
  expect((await refused).status()).toBe(403);
  await (await refused).finished();
  expect(await user(webView.page)).toBeNull();

  const code = handOvers.issue(uid, challenge);
  const isDone = () => webView.page.evaluate('window.hasEnded === true');
  // The page takes one code at a time.
  while (!(await isDone())) await webView.post(codeMessage(code));
  expect(await webView.outcome()).toEqual({ uid, name: null });
});
