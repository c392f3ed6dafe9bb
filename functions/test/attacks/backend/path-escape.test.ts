import { startBackend, type TestBackend } from '../../backend/support/backend';
import { sendRaw } from '../../gateway/support/raw';

/**
 * Attack: a path that leads to another host, or above the service's root, for one of the programs
 * that decode it on the way.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const send = (target: string) =>
  sendRaw(
    backend.origin,
    `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
      `Authorization: ${backend.bearer().Authorization}\r\n\r\n`,
  );

it.each([
  '/backend/../admin',
  '/backend/./a',
  '/backend/a/..',
  '/backend/%2e%2e/admin',
  '/backend/%2E%2e/admin',
  '/backend/.%2e/admin',
  '/backend/a%2fb',
  '/backend/..%2fadmin',
  '/backend/%252e%252e/admin',
  '/backend/a%5cb',
  '/backend/a\\b',
  '/backend//evil.example/a',
  '/backend/a//b',
  '/backend/..;/admin',
  '/backend/a/..;jsessionid=1/admin',
  '/backend/%2e.;/admin',
  '/backend/.;a/b',
  '/backend/..%3b/admin',
  '/backend/%u002e%u002e/admin',
  '/backend/%25%32%65%25%32%65/admin',
  '/backend/%00',
  '/backend/%7f',
  '/backend/%C2%85',
  '/backend/a%0d%0aX-Tiki-User:b',
  '/backend/%c0%ae%c0%ae/admin',
  '/backend/%',
  '/backend/a#b',
  '/backend',
  '/backendx/a',
  '/backend@evil.example/',
  '/%62ackend/a',
  '/BACKEND/a',
  '/backend;a/b',
  '//evil.example/backend/a',
  'http://a?/backend/a',
  'http://ahttp://b/backend/a',
  'ftp://evil.example/backend/a',
  '/backend/http://169.254.169.254/',
  '/backend/[::1]/',
])('sends nothing for %s', async (target) => {
  const calls = backend.service.seen.length;
  expect((await send(target)).status).toBe(404);
  expect(backend.service.seen).toHaveLength(calls);
});

it.each([
  ['/backend/', '/'],
  ['/backend/a/', '/a/'],
  ['/backend/@evil.example/a', '/@evil.example/a'],
  ['/backend/a:80', '/a:80'],
  ['/backend/a?url=https://evil.example/%2e%2e', '/a?url=https://evil.example/%2e%2e'],
  ['/backend/Tr%C3%A0', '/Tr%C3%A0'],
  ['http://evil.example/backend/a', '/a'],
  ['HTTP://user:password@169.254.169.254/backend/a', '/a'],
  ['http:///backend/a', '/a'],
  ['/backend/::ffff:169.254.169.254', '/::ffff:169.254.169.254'],
  ['/backend/0xa9fea9fe', '/0xa9fea9fe'],
  ['/backend/...', '/...'],
  ['/backend/a;b=..', '/a;b=..'],
])('sends %s as %s, to the one service', async (target, sent) => {
  expect((await send(target)).status).toBe(200);
  expect(backend.service.seen.at(-1)?.target).toBe(sent);
  expect(backend.service.seen.at(-1)?.headers.host).toBe(backend.service.host);
});
