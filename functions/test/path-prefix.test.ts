import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { createAuth } from '../src/auth/assemble';
import { createBackend } from '../src/backend/assemble';
import { createGateway } from '../src/gateway/gateway';
import type { Handler } from '../src/http/handler';
import { createPayments } from '../src/payments/assemble';
import { answerWith } from '../src/server/take-over';
import { createSessionsHandler } from '../src/sessions/assemble';

const ENV = {
  GCLOUD_PROJECT: 'demo-shop',
  TIKI_CLIENT_KEY: 'key',
  TIKI_CLIENT_SECRET: 'a-secret-of-tiki',
  TIKI_VALIDATION_CODES: 'abc123:content-of-the-file',
  WEB_API_KEY: 'web-api-key',
  WEB_ORIGINS: 'https://shop.example',
  SESSION_KEYS: Buffer.alloc(32, 7).toString('base64'),
  PRIVATE_BACKEND_URL: 'https://backend.example',
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handler: Handler): Promise<string> {
  const server = createServer();
  servers.push(server);
  answerWith(server, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const log = () => undefined;
const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };

/** A request to each function that it answers by itself, and a part of that answer. */
const ANSWERS: readonly [
  string,
  (env: NodeJS.ProcessEnv) => Handler,
  string,
  RequestInit,
  string,
][] = [
  ['auth', (env) => createAuth(env), '/auth_exchange', post, 'invalid-request'],
  [
    'auth, with the file for Tini Console',
    (env) => createAuth(env),
    '/tiki-validation-code/abc123/auth.txt',
    {},
    'content-of-the-file',
  ],
  [
    'gateway, with the file for Tini Console',
    (env) => createGateway(env, { log }),
    '/tiki-validation-code/abc123/auth.txt',
    {},
    'content-of-the-file',
  ],
  [
    'gateway',
    (env) => createGateway(env, { log }),
    '/securetoken/v1/token',
    {},
    'method-not-allowed',
  ],
  [
    'sessions',
    (env) => createSessionsHandler(env, { log }),
    '/session/csrf_token',
    { headers: { Origin: 'https://shop.example' } },
    'csrfToken',
  ],
  ['backend', (env) => createBackend(env, { log }), '/backend/a', {}, 'unauthenticated'],
  ['payments', (env) => createPayments(env, { log }), '/tiki_ipn', post, 'unauthenticated'],
];

it.each(ANSWERS)('is stripped by %s, and may be missing', async (_, make, path, init, part) => {
  const origin = await listen(make({ ...ENV, PATH_PREFIX: '/a/tiki' }));
  const [below, own, beside, twice] = await Promise.all(
    ['/a/tiki', '', '/a/tikix', '/a/tiki/a/tiki'].map(async (prefix) => {
      const response = await fetch(origin + prefix + path, init);
      const text = await response.text();
      return { status: response.status, text: text.replace(/"requestId":"[^"]*"/, '') };
    }),
  );

  expect(below?.text).toMatch(new RegExp(part));
  expect(own).toEqual(below);
  expect(beside?.status).toBe(404);
  expect(twice?.status).toBe(404);
});

it.each(['tiki', '/tiki/', '/ti ki', '/a/b/c/d/e', '/..', 'https://shop.example/tiki'])(
  'is refused with the command that corrects it: %s',
  async (prefix) => {
    const entries: LogEntry[] = [];
    const effects = { log: (entry: LogEntry) => void entries.push(entry) };
    const origin = await listen(createGateway({ ...ENV, PATH_PREFIX: prefix }, effects));

    const response = await fetch(`${origin}/tiki-validation-code/abc123/auth.txt`);

    expect(response.status).toBe(500);
    expect(entries).toMatchObject([
      {
        outcome: 'misconfigured',
        operator: {
          cause: expect.stringContaining('PATH_PREFIX is not a path such as /tiki') as string,
          remedy: expect.stringContaining('--only functions,hosting --project demo-shop') as string,
        },
      },
    ]);
  },
);
