import { createPhone, type Phone } from './phone';
import type { WebView } from './web-view';
import { openWorld } from './world';

const APP = 'https://app.example.vn';

const newPhone = () =>
  createPhone({
    domains: [APP],
    transport: () => Promise.reject(new Error('no server here')),
    issueAuthCode: () => 'code',
  });

/** Waits for all messages that were posted. */
const delivered = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A mini program with a page in its web-view `web`. */
function open(phone: Phone = newPhone(), src = `${APP}/shop?id=1`) {
  const events: unknown[] = [];
  const world = openWorld(phone);
  const load = () =>
    world.openWebView({ id: 'web', src, onMessage: (event) => events.push(event) });
  const post = world.evaluate(
    '(id, text) => my.createWebViewContext(id).postMessage(JSON.parse(text))',
  ) as (id: string, text: string) => void;
  return { world, load, post, webView: load(), events };
}

/** The messages that a page gets. */
function listen({ window }: WebView): unknown[] {
  const messages: unknown[] = [];
  window.onmessage = ({ data }) => messages.push(data);
  return messages;
}

it('gives the page its my with the event, and only postMessage', () => {
  const { webView } = open();
  const seen: unknown[] = [];
  webView.window.document.addEventListener('TiniAppJSBridgeReady', () => {
    seen.push(Object.keys(webView.window.my ?? {}));
  });
  expect(webView.window.my).toBeUndefined();
  webView.ready();
  expect(seen).toEqual([['postMessage']]);
  expect(webView.window.location.search).toBe('?id=1');
});

it.each([
  ['data', { detail: { data: { text: 'Chào' } } }],
  ['bare', { detail: { text: 'Chào' } }],
] as const)('delivers messages of the page to the app as %s', async (detail, event) => {
  const phone = newPhone();
  phone.webViewDetail = detail;
  const { webView, events, world } = open(phone);
  webView.ready();
  webView.window.my?.postMessage({ text: 'Chào', lost: undefined });
  expect(events).toEqual([]);
  await delivered();
  expect(events).toEqual([event]);
  const isOwn = world.evaluate('(event) => event instanceof Object') as (event: unknown) => boolean;
  expect(isOwn(events[0])).toBe(true);
});

it('delivers messages of the app to the page that has the id, and loses others', async () => {
  const { webView, post } = open();
  const messages = listen(webView);
  post('web', '{"text":"Chào"}');
  post('other', '{"text":"lost"}');
  expect(messages).toEqual([]);
  await delivered();
  expect(messages).toEqual([{ text: 'Chào' }]);
});

it('delivers nothing to or from a page that was left', async () => {
  const { webView, load, post, events } = open();
  const before = listen(webView);
  webView.ready();
  const after = listen(load());
  webView.window.my?.postMessage({ from: 'before' });
  post('web', '{"to":"after"}');
  await delivered();
  expect({ before, after, events }).toEqual({ before: [], after: [{ to: 'after' }], events: [] });

  const last = load();
  const lost = listen(last);
  last.close();
  post('web', '{"to":"nobody"}');
  await delivered();
  expect(lost).toEqual([]);
});

it.each(['"text"', '[1]', 'null', '1'])('posts objects only, not %s', (text) => {
  const { webView, post } = open();
  webView.ready();
  expect(() => {
    post('web', text);
  }).toThrow('takes an object');
  expect(() => webView.window.my?.postMessage(JSON.parse(text))).toThrow('takes an object');
});

it('needs an id, and opens registered domains only', () => {
  const { world } = open();
  expect(() => world.evaluate('my.createWebViewContext()')).toThrow('takes an id');
  for (const src of ['https://evil.example/', 'http://app.example.vn/', 'javascript:alert(1)']) {
    expect(() => open(newPhone(), src)).toThrow('is not registered');
  }
});
