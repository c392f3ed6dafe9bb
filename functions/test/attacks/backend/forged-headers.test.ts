import { startBackend, type TestBackend } from '../../backend/support/backend';
import { sendRaw } from '../../gateway/support/raw';
import { claimsOf } from '../../support/jwt';

/**
 * Attack: a caller sends the headers that name the user, the service's caller, or the way that the
 * request came, so that the private service believes them.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const call = (headers: Record<string, string>) =>
  fetch(`${backend.origin}/backend/whoami`, { headers: { ...backend.bearer('666'), ...headers } });

it('replaces X-Tiki-User, also with one that was real: of another user, recorded before', async () => {
  await fetch(`${backend.origin}/backend/whoami`, { headers: backend.bearer('1') });
  const recorded = String(backend.service.seen.at(-1)?.headers['x-tiki-user']);
  expect(claimsOf(recorded)['sub']).toBe('tiki:1');
  for (const name of ['X-Tiki-User', 'x-tiki-user', 'X-TIKI-USER']) {
    await call({ [name]: recorded });
    const seen = backend.service.seen.at(-1);
    const values = (seen?.rawHeaders ?? []).filter(
      (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'x-tiki-user',
    );
    expect(values.map((value) => claimsOf(value)['sub'])).toEqual(['tiki:666']);
  }
});

it('is not itself accepted as a session', async () => {
  await fetch(`${backend.origin}/backend/whoami`, { headers: backend.bearer('1') });
  const userToken = String(backend.service.seen.at(-1)?.headers['x-tiki-user']);
  const response = await fetch(`${backend.origin}/backend/whoami`, {
    headers: { Authorization: `Bearer ${userToken}` },
  });
  expect(response.status).toBe(401);
});

it('passes on no other header that a server on the way could believe', async () => {
  const forged = {
    'X-Serverless-Authorization': 'Bearer forged',
    'X-Goog-Authenticated-User-Email': 'accounts.google.com:admin@example.com',
    'X-Goog-IAP-JWT-Assertion': 'forged',
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Host': 'forged.example',
    Forwarded: 'for=127.0.0.1',
    'X-Original-URL': '/admin',
    'X-Rewrite-URL': '/admin',
    'X-CloudScheduler': 'true',
    'Proxy-Authorization': 'Basic forged',
    'X-Tiki_User': 'tiki:1',
    X_Tiki_User: 'tiki:1',
  };
  await call(forged);
  const seen = backend.service.seen.at(-1);
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(
    [
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'connection',
      'host',
      'user-agent',
      'x-request-id',
      'x-tiki-user',
    ].sort(),
  );
  expect(JSON.stringify(seen)).not.toMatch(/forged|127\.0\.0\.1,/);
  expect(seen?.headers.host).toBe(backend.service.host);
});

const requestId = () => backend.service.seen.at(-1)?.headers['x-request-id'];

it('names the request as its own log does, and never with words of the caller', async () => {
  const response = await call({});
  expect(requestId()).toBe(response.headers.get('x-request-id'));
  await call({ 'X-Request-Id': 'callers-own-id' });
  expect(requestId()).toBe('callers-own-id');
  const refused = await call({ 'X-Request-Id': '"} {"uid": "tiki:1"' });
  expect(requestId()).toMatch(/^[\w-]+$/);
  expect(requestId()).toBe(refused.headers.get('x-request-id'));
});

const raw = (lines: readonly string[], body = '') =>
  sendRaw(backend.origin, `${lines.join('\r\n')}\r\n\r\n${body}`);
const authorization = (customerId: string) =>
  `Authorization: ${backend.bearer(customerId).Authorization}`;
const users = (from: number) =>
  backend.service.seen
    .slice(from)
    .map(({ headers }) => claimsOf(String(headers['x-tiki-user']))['sub']);

it('takes the first of two sessions, and never one for the other', async () => {
  const from = backend.service.seen.length;
  const head = ['GET /backend/a HTTP/1.1', 'Host: a', 'Connection: close'];
  expect((await raw([...head, authorization('666'), authorization('1')])).status).toBe(200);
  expect((await raw([...head, 'Authorization: Bearer x', authorization('1')])).status).toBe(401);
  expect(users(from)).toEqual(['tiki:666']);
});

it('keeps pipelined requests apart, and those without a session out', async () => {
  const from = backend.service.seen.length;
  const { text } = await raw([
    ...['GET /backend/a HTTP/1.1', 'Host: a', authorization('1'), ''],
    ...['GET /backend/b HTTP/1.1', 'Host: a', ''],
    ...['GET /backend/c HTTP/1.1', 'Host: b', authorization('666'), 'Connection: close'],
  ]);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '401', '200']);
  expect(users(from)).toEqual(['tiki:1', 'tiki:666']);
});

it.each([
  ['a trailer', ['Transfer-Encoding: chunked'], '1\r\na\r\n0\r\nX-Tiki-User: forged\r\n\r\n', 200],
  ['a name in Connection', ['Connection: close, X-Tiki-User, Authorization'], '', 200],
  ['another host', ['Host: 169.254.169.254', 'X-Forwarded-Host: [::ffff:a9fe:a9fe]'], '', 200],
  ['a folded line', ['User-Agent: a', ' X-Tiki-User: forged'], '', 400],
  ['a space before the colon', ['X-Tiki-User : forged'], '', 400],
  ['a bare CR', ['User-Agent: a\rX-Tiki-User: forged'], '', 400],
  ['a NUL', ['User-Agent: a\0'], '', 400],
  ['two lengths', ['Content-Length: 1', 'Content-Length: 2'], 'ab', 400],
  ['two framings', ['Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n', 400],
  ['another last encoding', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n', 400],
  ['too many headers', Array.from({ length: 3_000 }, (_, i) => `X-${i}: a`), '', 431],
] as const)('is not deceived by %s', async (_, lines, body, status) => {
  const from = backend.service.seen.length;
  const head = ['POST /backend/a HTTP/1.1', 'Host: a', 'Connection: close', authorization('666')];
  expect((await raw([...head, ...lines], body)).status).toBe(status);
  expect(users(from)).toEqual(status === 200 ? ['tiki:666'] : []);
  expect(JSON.stringify(backend.service.seen.slice(from))).not.toMatch(/forged|169\.254|a9fe/);
});
