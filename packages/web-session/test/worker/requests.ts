import type { Page } from 'playwright-core';
import type { Arrived } from '../support/site';
import {
  bearer,
  newPage,
  newPath,
  newSignedInPage,
  newUid,
  usersAt,
  world,
} from '../support/world';

/** Sends a request in a page, and returns it as it arrived. */
async function arrives(page: Page, path: string, send: string, site = world().site) {
  await page.evaluate(`(async (path) => { ${send} })(${JSON.stringify(path)})`);
  const [arrived, ...more] = site.at(path);
  if (arrived === undefined || more.length > 0) throw new Error(`${path} did not arrive once`);
  return arrived;
}

/** In a page: posts a body and returns its SHA-256, hexadecimal. */
const POST_AND_HASH = `
  async function post(path, init) {
    const request = new Request(path, { method: 'POST', ...init });
    const bytes = await request.clone().arrayBuffer();
    await fetch(request);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }`;

const ALL_BYTES = 'Uint8Array.from({ length: 1024 }, (_, i) => i * 7)';

describe('with the token, a body arrives byte for byte', () => {
  it.each([
    [
      'JSON',
      `{ headers: { 'Content-Type': 'application/json' }, body: '{"id":9007199254740993}' }`,
    ],
    ['text', `{ body: 'Trần Thu Hà \\u{1F469}' }`],
    ['a form', `{ body: new URLSearchParams({ a: '1 &=', b: 'ư' }) }`],
    [
      'a file in a form',
      `{ body: (() => {
      const form = new FormData();
      form.append('file', new File([${ALL_BYTES}], 'ảnh.png', { type: 'image/png' }));
      return form;
    })() }`,
    ],
    ['binary', `{ body: ${ALL_BYTES} }`],
    ['a body without a Content-Type', `{ body: new Blob([${ALL_BYTES}]) }`],
    ['5 MB', `{ body: new Uint8Array(5_000_000).fill(129) }`],
    ['with keepalive', `{ body: ${ALL_BYTES}, keepalive: true }`],
    ['an empty body', `{ body: '' }`],
    ['with PUT', `{ method: 'PUT', body: ${ALL_BYTES} }`],
  ])('%s', async (_, init) => {
    const uid = newUid();
    const page = await newSignedInPage(uid);
    const path = newPath('/body');

    const hash = await page.evaluate(
      `(() => { ${POST_AND_HASH}; return post(${JSON.stringify(path)}, ${init}); })()`,
    );

    expect(world().site.at(path)).toEqual([expect.objectContaining({ hash })]);
    expect(usersAt(path)).toEqual([uid]);
  });

  it('a beacon of JSON, which is a cors request', async () => {
    const uid = newUid();
    const page = await newSignedInPage(uid);
    const path = newPath('/beacon');
    const type = 'application/json';

    await page.evaluate(
      `navigator.sendBeacon('${path}', new Blob(['{"id":9007199254740993}'], { type: '${type}' }))`,
    );
    // Nothing tells a page that a beacon has arrived, except for what it sends afterwards.
    while (world().site.at(path).length === 0) await page.evaluate(`fetch('/later')`);

    expect(world().site.at(path)).toMatchObject([{ body: '{"id":9007199254740993}' }]);
    expect(usersAt(path)).toEqual([uid]);
  });

  it('a stream, over HTTP/2', async () => {
    const uid = newUid();
    const { secure } = world();
    const page = await newSignedInPage(uid, secure);
    const path = newPath('/stream');

    await page.evaluate(`fetch('${path}', {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({
        start(controller) {
          for (let i = 0; i < 100; i++) controller.enqueue(new Uint8Array(1000).fill(i));
          controller.close();
        },
      }),
    })`);

    const sent = Buffer.concat(Array.from({ length: 100 }, (_, i) => Buffer.alloc(1000, i)));
    expect(secure.at(path)).toMatchObject([{ body: sent.toString() }]);
    expect(usersAt(path, secure)).toEqual([uid]);
  });
});

describe('a request arrives as without the worker, except for the token', () => {
  /** Chromium adds client hints (`Sec-CH-…`) to requests of pages only. */
  const comparable = ({ method, headers }: Arrived) => ({
    method,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !/^(authorization$|sec-ch-)/.test(name)),
    ),
  });

  it.each([
    ['method and headers', `{ method: 'PATCH', headers: { 'X-Own': 'ok', Range: 'bytes=0-9' } }`],
    ['mode', `{ mode: 'same-origin' }`],
    ['no credentials', `{ credentials: 'omit' }`],
    ['credentials', `{ credentials: 'include' }`],
    ['cache', `{ cache: 'no-store' }`],
    ['revalidation', `{ cache: 'no-cache' }`],
    ['no referrer', `{ referrerPolicy: 'no-referrer' }`],
    ['the referrer', `{}`],
  ])('%s', async (_, init) => {
    const uid = newUid();
    const [signedIn, stranger] = [await newSignedInPage(uid), await newPage()];
    const send = `document.cookie = 'shop=1; path=/'; await fetch(path, ${init});`;

    const withToken = await arrives(signedIn, newPath('/options'), send);
    await stranger.evaluate(
      `navigator.serviceWorker.getRegistration().then((it) => it.unregister())`,
    );
    await stranger.reload();
    const without = await arrives(stranger, newPath('/options'), send);

    expect(bearer(withToken)).toBe(uid);
    expect(comparable(withToken)).toEqual(comparable(without));
  });

  it('redirect: followed, refused or shown to the page', async () => {
    const uid = newUid();
    const page = await newSignedInPage(uid);
    const { routes } = world().site;
    routes.set('/moved', () => ({ status: 307, headers: { Location: '/target' } }));

    const found = await page.evaluate(`(async () => [
      (await fetch('/moved', { method: 'POST', body: 'kept' })).redirected,
      (await fetch('/moved', { redirect: 'manual' })).type,
      await fetch('/moved', { redirect: 'error' }).catch((error) => error.name),
    ])()`);

    expect(found).toEqual([true, 'opaqueredirect', 'TypeError']);
    expect(world().site.at('/target')).toMatchObject([{ method: 'POST', body: 'kept' }]);
    expect(usersAt('/target')).toEqual([uid]);
  });

  it('cache: an answer is read from it', async () => {
    const page = await newSignedInPage(newUid());
    const path = newPath('/cached');
    world().site.routes.set('/cached', () => ({ headers: { 'Cache-Control': 'max-age=60' } }));

    await page.evaluate(`fetch('${path}').then(() => fetch('${path}', { cache: 'force-cache' }))`);

    expect(world().site.at(path)).toHaveLength(1);
  });

  it('abort signal: the page gets its AbortError', async () => {
    const page = await newSignedInPage(newUid());
    const path = newPath('/slow');
    world().site.routes.set('/slow', () => new Promise(() => undefined));

    const name = page.evaluate(`(async () => {
      const ended = new AbortController();
      window.abortIt = () => ended.abort();
      return fetch('${path}', { signal: ended.signal }).catch((error) => error.name);
    })()`);
    while (world().site.at(path).length === 0) await page.evaluate(`fetch('/later')`);
    await page.evaluate('abortIt()');

    expect(await name).toBe('AbortError');
  });
});

describe('no token goes to', () => {
  it('images, scripts and styles, which are no-cors requests', async () => {
    const page = await newSignedInPage(newUid());

    await page.evaluate(`Promise.all([
      ['img', { src: '/asset?img' }],
      ['script', { src: '/asset?script' }],
      ['link', { rel: 'stylesheet', href: '/asset?style' }],
    ].map(([name, values]) => new Promise((settled) => {
      const element = Object.assign(document.createElement(name), values);
      element.onload = element.onerror = settled;
      document.head.append(element);
    })))`);

    expect(
      world()
        .site.at('/asset')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/asset?img', '/asset?script', '/asset?style']);
    expect(usersAt('/asset')).toEqual([null, null, null]);
    expect(world().site.at('/asset')[0]?.headers['sec-fetch-mode']).toBe('no-cors');
  });

  it.each([
    '/auth_exchange',
    '/session/trade',
    '/session/sign_in',
    '/identitytoolkit/v1/x',
    '/__/x',
  ])('%s, which signs somebody in', async (path) => {
    const page = await newSignedInPage(newUid());

    const arrived = await arrives(page, newPath(path), `await fetch(path, { method: 'POST' });`);

    expect(bearer(arrived)).toBeNull();
  });

  it("a request that has credentials of the page's own", async () => {
    const page = await newSignedInPage(newUid());
    const headers = `{ Authorization: 'Basic b3duOm93bg==' }`;

    const arrived = await arrives(
      page,
      newPath('/own'),
      `await fetch(path, { headers: ${headers} });`,
    );

    expect(arrived.headers.authorization).toBe('Basic b3duOm93bg==');
  });
});
