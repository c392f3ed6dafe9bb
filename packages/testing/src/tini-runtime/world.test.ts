import { createPhone } from './phone';
import { openWorld } from './world';

const phone = createPhone({
  domains: ['https://app.example.vn'],
  transport: () => Promise.reject(new Error('no server here')),
  issueAuthCode: () => 'code',
});

const ABSENT = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'window',
  'document',
  'location',
  'navigator',
  'localStorage',
  'indexedDB',
  'globalThis',
  'self',
  'global',
  'eval',
  'Function',
  'process',
  'require',
  'Buffer',
  'URL',
  'TextEncoder',
  'TextDecoder',
  'atob',
  'btoa',
  'crypto',
  'queueMicrotask',
  'structuredClone',
];

it.each(ABSENT)('has no %s', (name) => {
  expect(openWorld(phone).evaluate(`typeof ${name}`)).toBe('undefined');
});

it.each(['Promise', 'setTimeout', 'clearTimeout', 'setInterval', 'console', 'my'])(
  'has %s',
  (name) => {
    expect(openWorld(phone).evaluate(`typeof ${name}`)).not.toBe('undefined');
  },
);

it('compiles no strings, not even through a reachable constructor', () => {
  const world = openWorld(phone);
  expect(() => world.evaluate(`(function () {}).constructor('return 1')()`)).toThrow(
    /Code generation/,
  );
});

it('sends requests to registered https domains only, and records all requests', async () => {
  const world = openWorld(phone);
  const ask = `(url) => new Promise((resolve) => my.request({url, success: resolve, fail: resolve}))`;
  const request = world.evaluate(ask) as (url: string) => Promise<unknown>;
  await expect(request('https://identitytoolkit.googleapis.com/v1/x')).resolves.toMatchObject({
    errorMessage: 'domain not registered',
  });
  await expect(request('https://app.example.vn.evil.example/')).resolves.toMatchObject({
    errorMessage: 'domain not registered',
  });
  await expect(request('http://app.example.vn/')).resolves.toMatchObject({
    errorMessage: 'only https',
  });
  expect(phone.requests).toHaveLength(3);
});

it('keeps storage per app, not per Tiki user', () => {
  phone.customer = { id: '1', name: 'A' };
  openWorld(phone).evaluate(`my.setStorage({key: 'k', data: {a: 1}})`);
  phone.customer = { id: '2', name: 'B' };
  expect(phone.storage.get('k')).toBe('{"a":1}');
});
