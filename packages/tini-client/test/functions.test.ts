import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { type RunningFunction, startFunction } from '@tiki-bridge/testing/google/framework';
import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import {
  clientForTests,
  DOMAIN,
  failureOf,
  MINUTE_MS,
  paths,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';
import { loopbackTransport, type Transport } from '@tiki-bridge/testing/tini-runtime/transport';

const { scene, loggedIn } = clientForTests();

const INT64 = 'type.googleapis.com/google.protobuf.Int64Value';
const UINT64 = 'type.googleapis.com/google.protobuf.UInt64Value';

/** A function of firebase-functions: gives back its argument and uid, or throws what it is asked to. */
const ECHO = `
  const { onCall, HttpsError } = require(process.env.HTTPS_MODULE);
  exports.echo = onCall((request) => {
    const { fail, ...data } = request.data ?? {};
    if (fail) throw new HttpsError(fail, 'Hết hàng', { left: 0, ids: ['a'] });
    return { data, uid: request.auth?.uid, none: null };
  });
`;

describe('a callable function of firebase-functions', () => {
  const source = mkdtempSync(path.join(os.tmpdir(), 'callable-'));
  let running: RunningFunction;
  beforeAll(async () => {
    writeFileSync(path.join(source, 'index.js'), ECHO);
    writeFileSync(path.join(source, 'package.json'), '{ "main": "index.js" }');
    running = await startFunction({
      source,
      target: 'echo',
      env: {
        HTTPS_MODULE: createRequire(path.join(PROJECT_ROOT, 'functions/package.json')).resolve(
          'firebase-functions/https',
        ),
        // No network, so no certificates of Google to verify a token with.
        FIREBASE_DEBUG_MODE: 'true',
        FIREBASE_DEBUG_FEATURES: '{"skipTokenVerification":true}',
        GCLOUD_PROJECT: 'demo-tiki-bridge',
        FIREBASE_CONFIG: '{"projectId":"demo-tiki-bridge"}',
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(source, { recursive: true });
  });

  async function call(data: unknown): Promise<unknown> {
    const { open, phone, server } = scene();
    const toFunction = loopbackTransport(DOMAIN, running.origin);
    Object.assign(phone, {
      transport: ((request) =>
        request.url === `${DOMAIN}/echo`
          ? toFunction(request)
          : server.transport(request)) satisfies Transport,
    });
    const { firebase } = open();
    await firebase.signIn();
    return firebase.functions().call('echo', data);
  }

  it('gets the argument and the user, and returns its result', async () => {
    const at = new Date(0);
    const data = { text: 'Chào', list: [1, null, { on: true }], at, gone: undefined };
    expect(await call(data)).toEqual({
      data: { ...data, at: at.toISOString(), gone: null },
      uid: 'tiki:1001',
      none: null,
    });
  });

  it('throws its HttpsError with code, message and details', async () => {
    expect(await failureOf(call({ fail: 'out-of-range' }))).toMatchObject({
      code: 'out-of-range',
      extras: { status: 400, detail: 'Hết hàng', details: { left: 0, ids: ['a'] } },
    });
  });
});

/** The next call gets this answer. */
async function calling(answer: ReturnType<typeof json>, times = 1) {
  const app = await loggedIn();
  app.server.answers.push(...Array.from({ length: times }, () => ({ path: '/add', answer })));
  return { ...app, call: app.firebase.functions().call };
}

it.each(Object.entries(BEHAVIOURS))('reads the result from %s', async (_, behaviour) => {
  const { call, phone } = await calling(json(200, { result: { ok: 'Xong' } }));
  phone.behaviour = behaviour;
  expect(await call('add', { a: 1 })).toEqual({ ok: 'Xong' });
  expect(phone.requests).toMatchObject([
    { method: 'POST', url: `${DOMAIN}/add`, data: { data: { a: 1 } } },
  ]);
});

it.each([
  [{ result: null }, null],
  [{ result: 0 }, 0],
  [{ result: false }, false],
  [{ data: 'of an older version' }, 'of an older version'],
  [{ result: { '@type': INT64, value: '42' } }, 42],
  [{ result: [{ '@type': INT64, value: '-9007199254740993' }] }, ['-9007199254740993']],
  [
    { result: { n: { '@type': UINT64, value: '18446744073709551615' } } },
    { n: '18446744073709551615' },
  ],
])('decodes %j', async (body, result) => {
  const { call } = await calling(json(200, body));
  expect(await call('add')).toEqual(result);
});

it.each([
  ['HTML', { status: 200, headers: {}, body: '<html>' }],
  ['nothing', { status: 200, headers: {}, body: '' }],
  ['204', { status: 204, headers: {}, body: '' }],
  ['JSON of another server', json(200, { ok: true })],
  ['a redirect', json(302, { result: 1 })],
  ['an error of another server', json(200, { error: { status: 'NOPE' } })],
  ['a list', json(200, [{ result: 1 }])],
  ['null', json(200, null)],
  ['an unknown type', json(200, { result: { '@type': 'x', value: '1' } })],
  ['a number that is none', json(200, { result: { '@type': INT64, value: 'x' } })],
])('does not return %s as a result', async (_, answer) => {
  const { call } = await calling(answer);
  expect((await failureOf(call('add'))).code).toBe('bad-response');
});

it.each<[string, unknown]>([
  ['NaN', NaN],
  ['Infinity', { a: [Infinity] }],
  ['a Map', new Map()],
  ['a function', () => 1],
  ['an invalid date', new Date(NaN)],
  ['a symbol', Symbol('a')],
])('sends nothing that JSON would lose: %s', async (_, data) => {
  const { call, phone } = await calling(json(200, { result: 1 }));
  expect((await failureOf(call('add', data))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it('sends whole numbers beyond 2^53 as the protocol has them', async () => {
  const app = scene();
  const { firebase, functionsClient } = app.open();
  await firebase.signIn();
  app.server.answers.push({ path: '/add', answer: json(200, { result: 1 }) });
  const { int64 } = functionsClient;
  await firebase.functions().call('add', [int64('9007199254740993'), BigInt('-9007199254740993')]);
  expect(app.phone.requests.at(-1)?.data).toEqual({
    data: [
      { '@type': INT64, value: '9007199254740993' },
      { '@type': INT64, value: '-9007199254740993' },
    ],
  });
});

it.each([
  [404, 'NOT_FOUND', 'not-found'],
  [409, 'ABORTED', 'aborted'],
  [499, 'CANCELLED', 'cancelled'],
  [500, 'DATA_LOSS', 'data-loss'],
  [500, 'UNKNOWN', 'unknown'],
  [501, 'UNIMPLEMENTED', 'unimplemented'],
  [500, 'SOMETHING_NEW', 'internal'],
  // The code is in the status, whatever the message looks like.
  [400, 'FAILED_PRECONDITION', 'failed-precondition'],
])('throws %d %s as %s', async (status, name, code) => {
  const { call } = await calling(
    json(status, { error: { status: name, message: 'network error' } }),
  );
  expect(await failureOf(call('add'))).toMatchObject({
    code,
    extras: { status, detail: 'network error' },
  });
});

it.each([
  'a bare body',
  'an envelope with only the body',
  'errors in fail as the text of the body',
])('throws what the function threw where my answers with %s', async (name) => {
  const error = { status: 'RESOURCE_EXHAUSTED', message: 'Hết hàng', details: { left: 0 } };
  const { call, phone } = await calling(json(429, { error }));
  phone.behaviour = BEHAVIOURS[name] ?? phone.behaviour;
  expect(await failureOf(call('add'))).toMatchObject({
    code: 'resource-exhausted',
    extras: { detail: 'Hết hàng', details: { left: 0 } },
  });
});

it('calls again with a new token after a 401 whose status my hides', async () => {
  const { call, phone, server } = await calling(
    json(401, { error: { status: 'UNAUTHENTICATED', message: 'Unauthenticated' } }),
  );
  server.answers.push({ path: '/add', answer: json(200, { result: 1 }) });
  phone.behaviour = BEHAVIOURS['a bare body'] ?? phone.behaviour;
  expect(await call('add')).toBe(1);
  expect(paths(phone.requests)).toEqual(['/add', '/securetoken/v1/token', '/add']);
});

it('sends nothing without a name', async () => {
  const { call, phone } = await calling(json(200, { result: 1 }));
  expect((await failureOf(call(undefined as never))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it.each([503, 500, 429, 409])('does not repeat a call by itself after %d', async (status) => {
  const { call, phone, time } = await calling(json(status, {}), 3);
  const failure = failureOf(call('add'));
  await time.advance(2 * MINUTE_MS);
  await failure;
  expect(paths(phone.requests)).toEqual(['/add']);
});

it('calls again with a new token after a 401, and then gives up', async () => {
  const refusal = json(401, { error: { status: 'UNAUTHENTICATED', message: 'Unauthenticated' } });
  const { call, phone } = await calling(refusal, 2);
  expect((await failureOf(call('add'))).code).toBe('unauthenticated');
  expect(paths(phone.requests)).toEqual(['/add', '/securetoken/v1/token', '/add']);
});

it('keeps the problems of the bridge', async () => {
  const { call } = await calling(problem(503, 'overloaded'));
  expect((await failureOf(call('add'))).code).toBe('overloaded');
});

it.each(['', '/add', 'add/', 'a//b', '../add', 'add?x=1', 'https://evil.example/add', 'a b'])(
  'sends nothing to %j',
  async (name) => {
    const { call, phone } = await calling(json(200, { result: 1 }));
    expect((await failureOf(call(name))).code).toBe('invalid-argument');
    expect(phone.requests).toEqual([]);
  },
);

it('needs a signed-in user', async () => {
  const { firebase } = scene().open();
  expect((await failureOf(firebase.functions().call('add'))).code).toBe('not-signed-in');
});
