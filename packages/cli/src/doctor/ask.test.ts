import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../parse-json';
import { ask, type Question } from './ask';
import { healthyWorld } from './fakes/clinic';

let server: http.Server | undefined;
let paths: (string | undefined)[] = [];

async function serve(listener: http.RequestListener): Promise<string> {
  const started = http.createServer((request, response) => {
    paths.push(request.url);
    listener(request, response);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address of this shape.
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/start`;
}

beforeEach(() => {
  paths = [];
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

function question(url: string, timeoutMs: number, changes: Partial<Question> = {}) {
  return ask({ ...healthyWorld(), fetch, timeoutMs }, { method: 'GET', url, ...changes });
}

it('gives status, headers and text of an answer', async () => {
  const url = await serve((_, response) => response.writeHead(418, { 'X-A': 'b' }).end('hồ'));
  const reply = await question(url, 10_000);
  expect(reply).toMatchObject({ kind: 'answer', status: 418, text: 'hồ' });
  expect(reply.kind === 'answer' && reply.headers.get('x-a')).toBe('b');
});

it('does not follow a redirect', async () => {
  const url = await serve((_, response) => response.writeHead(307, { Location: '/next' }).end());
  const reply = await question(url, 10_000, { method: 'POST', body: '{}' });
  expect(reply).toMatchObject({ kind: 'answer', status: 307 });
  expect(paths).toEqual(['/start']);
});

it.each<[string, http.RequestListener]>([
  ['an answer that never starts', () => undefined],
  ['an answer that never ends', (_, response) => void response.writeHead(200).write('{')],
])('gives up %s after the bound', async (_, listener) => {
  const url = await serve(listener);
  expect(await question(url, 200)).toEqual({ kind: 'nothing', why: 'no answer within 0.2 s' });
});

it('gives up an answer beyond 1 MiB', async () => {
  const url = await serve((_, response) => response.end(Buffer.alloc(1024 * 1024 + 1, 'a')));
  expect(await question(url, 10_000)).toEqual({
    kind: 'nothing',
    why: 'an answer beyond 1 MiB',
  });
});

it('names what kept it from connecting', async () => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  expect(await question(url, 10_000)).toEqual({
    kind: 'nothing',
    why: 'no connection (ECONNREFUSED)',
    code: 'ECONNREFUSED',
  });
});

it('says so when the connection breaks', async () => {
  const url = await serve((request) => request.socket.destroy());
  const reply = await question(url, 10_000);
  expect(reply.kind === 'nothing' && reply.why).toMatch(/^no connection \([A-Z_]+\)$/);
});

it('takes what is no JSON for no value', () => {
  expect(parseJson('{"a":1}')).toEqual({ a: 1 });
  expect(parseJson('{')).toBeUndefined();
});
