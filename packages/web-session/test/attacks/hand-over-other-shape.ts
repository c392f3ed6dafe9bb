import { serveHandOvers } from '../support/sessions';
import { codeMessage, openWebView } from '../support/web-view';
import { newUid, world } from '../support/world';

it('messages of any other shape are not traded', async () => {
  const uid = newUid();
  const handOvers = serveHandOvers(world().site);
  const webView = await openWebView();
  await webView.bridgeReady();
  const { challenge } = await webView.announcement();
  const before = world().site.at('/session/trade').length;

  const code = 'c'.repeat(43);
  for (const data of [
    null,
    code,
    [code],
    { code },
    { type: 'tiki-firebase-hand-over' },
    { type: 'tiki-firebase-hand-over', code: [code] },
    codeMessage(code.slice(1)),
    codeMessage(`${code}c`),
    codeMessage(`/${code.slice(1)}`),
    { type: 'tiki-firebase-hand-over', customToken: code },
  ]) {
    await webView.post(data);
  }
  const right = handOvers.issue(uid, challenge);
  await webView.post(codeMessage(right));

  expect(await webView.outcome()).toEqual({ uid, name: null });
  const traded = world().site.at('/session/trade').slice(before);
  expect(traded.map(({ body }) => (JSON.parse(body) as { code: string }).code)).toEqual([right]);
});
