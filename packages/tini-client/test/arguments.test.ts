import type { TikiFirebase } from 'tiki-firebase-client';
import { AN, clientForTests, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

/** Creates a client with these changes to valid options. */
function create(changes: object) {
  const { client, my } = scene().open();
  const options = { my: { ...my }, baseUrl: DOMAIN, projectId: 'demo', ...changes };
  // As JavaScript may call it.
  return client.createTikiFirebase(
    options as unknown as Parameters<typeof client.createTikiFirebase>[0],
  );
}

it.each([
  ['my', undefined],
  ['my', null],
  ['my', {}],
  ['gatewayUrl', 'http://app.example.vn'],
  ['gatewayUrl', 7],
  ['baseUrl', undefined],
  ['baseUrl', ''],
  ['baseUrl', 7],
  ['baseUrl', 'app.example.vn'],
  ['baseUrl', 'http://app.example.vn'],
  ['baseUrl', 'http://127.0.0.1.evil.example'],
  ['baseUrl', 'http://localhost@evil.example'],
  ['baseUrl', 'https://'],
  ['baseUrl', 'https://user@app.example.vn'],
  ['baseUrl', 'https://app.example.vn?x'],
  ['baseUrl', 'https://app.example.vn#x'],
  ['baseUrl', 'https://app.example.vn /'],
  ['projectId', undefined],
  ['projectId', ''],
  ['projectId', 'a/b'],
  ['language', 'fr'],
  ['language', null],
  ['apiKey', 7],
  ['storageBucket', 7],
  ['firestore', {}],
  ['storage', {}],
  ['storageBucket', ''],
  ['storageBucket', 'gs://bucket'],
  ['storageBucket', 'a/o/b'],
  ['functions', 'call'],
  ['now', 0],
  ['random', 0.5],
  ['setTimeout', true],
  ['clearTimeout', 'no'],
])('refuses the option %s: %p', (detail, value) => {
  const refusal = { name: 'TikiFirebaseError', code: 'invalid-argument', extras: { detail } };
  expect(() => create({ [detail]: value })).toThrow(expect.objectContaining(refusal) as Error);
});

it.each([undefined, null, 'x'])('names the first option when all are missing: %p', (options) => {
  const { client } = scene().open();
  const all = options as unknown as Parameters<typeof client.createTikiFirebase>[0];
  const refusal = { code: 'invalid-argument', extras: { detail: 'my' } };
  expect(() => client.createTikiFirebase(all)).toThrow(expect.objectContaining(refusal) as Error);
});

it.each([
  'https://app.example.vn',
  'https://app.example.vn/',
  'https://app.example.vn:8443/path//',
  'http://localhost:5002',
  'http://127.0.0.1:5002/',
  'http://[::1]:5002',
])('accepts the baseUrl %s', (baseUrl) => {
  expect(create({ baseUrl, language: 'en', apiKey: 'k' }).currentUser).toBeNull();
});

it('speaks the language of the options', () => {
  expect(() => create({ language: 'en', projectId: 7 })).toThrow('App error. Tell its developer.');
});

it.each(['firestore', 'storage', 'functions'] as const)(
  'refuses %s() without its option',
  (detail) => {
    const refusal = { code: 'invalid-argument', extras: { detail } };
    expect(() => create({})[detail]()).toThrow(expect.objectContaining(refusal) as Error);
  },
);

it.each([undefined, null, 7])('refuses the listener %p', (listener) => {
  const { firebase } = scene().open();
  const refusal = { code: 'invalid-argument', extras: { detail: 'listener' } };
  for (const add of [firebase.onAuthStateChanged, firebase.onIdTokenChanged]) {
    expect(() => add(listener as never)).toThrow(expect.objectContaining(refusal) as Error);
  }
});

it.each<[string, (firebase: TikiFirebase) => Promise<unknown>]>([
  ['scopes', (app) => app.signIn({ scopes: 'offline' as never })],
  ['url', (app) => app.request(undefined as never)],
  ['url', (app) => app.request({} as never)],
  ['url', (app) => app.request({ url: 7 as never })],
  ['method', (app) => app.request({ url: '/', method: 7 as never })],
  ['headers', (app) => app.request({ url: '/', headers: 'x' as never })],
  ['data', (app) => app.request({ url: '/', data: 'x' as never })],
  ['dataType', (app) => app.request({ url: '/', dataType: 7 as never })],
  ['timeout', (app) => app.request({ url: '/', timeout: '7' as never })],
  ['path', (app) => app.storage().upload(undefined as never, 'file.png')],
  ['filePath', (app) => app.storage().upload('a.png', undefined as never)],
  ['contentType', (app) => app.storage().upload('a', 'b', { contentType: 7 as never })],
  ['cacheControl', (app) => app.storage().upload('a', 'b.png', { cacheControl: 7 as never })],
  ['path', (app) => app.storage().downloadUrl(undefined as never)],
  ['name', (app) => app.functions().call(undefined as never)],
  ['timeout', (app) => app.functions().call('add', {}, { timeout: '7' as never })],
  ['filePath', (app) => app.storage().upload('a.png', '')],
  ['path', (app) => app.storage().downloadUrl(7 as never)],
  ['\ud800.png', (app) => app.storage().downloadUrl('\ud800.png')],
])('refuses a wrong argument: %s', async (detail, call) => {
  const { firebase } = scene().open();
  await firebase.signIn();
  const failure = await failureOf(call(firebase));
  expect(failure).toMatchObject({ code: 'invalid-argument', extras: { detail } });
});

it.each([null, undefined, { type: 'tap' }])('takes %p for no options', async (given) => {
  const { firebase } = scene().open();
  expect((await firebase.signIn(given as never)).customer).toEqual(AN);
  await expect(firebase.getIdToken(given as never)).resolves.toContain('.');
});

it.each([
  ['rooms/1', undefined],
  ['rooms', jest.fn()],
  [{}, jest.fn()],
  [null, jest.fn()],
])('refuses to listen to %p with %p', (target, next) => {
  const { firebase, listen } = scene().open();
  const refusal = { name: 'TikiFirebaseError', code: 'invalid-argument' };
  expect(() => listen.onSnapshot(firebase.firestore(), target as never, next as never)).toThrow(
    expect.objectContaining(refusal) as Error,
  );
});
