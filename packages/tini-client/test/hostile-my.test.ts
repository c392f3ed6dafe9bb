import type { OpenedApp } from '@tiki-bridge/testing/tini-runtime/client-build';
import type { Callbacks } from '@tiki-bridge/testing/tini-runtime/behaviour';
import {
  AN,
  BINH,
  clientForTests,
  failureOf,
  MINUTE_MS,
  START,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const FUNCTIONS = [
  'getAuthCode',
  'getSetting',
  'getUserInfo',
  'getStorage',
  'setStorage',
  'request',
] as const;

const MISCHIEF: readonly Callbacks[] = [
  'twice',
  'both',
  'synchronously',
  'never',
  'late',
  'complete only',
  'throws',
];

/** Without these nobody can log in: how a login fails then. */
const FATAL: Readonly<Record<string, Readonly<Partial<Record<Callbacks, string>>>>> = {
  getAuthCode: { never: 'timeout', 'complete only': 'timeout', throws: 'user-refused' },
  request: { never: 'timeout', late: 'timeout', 'complete only': 'timeout', throws: 'network' },
};

describe.each(FUNCTIONS)('where my.%s calls back', (name) => {
  it.each(MISCHIEF)('%s, a login succeeds, or fails with a code', async (callbacks) => {
    const { open, phone, time } = scene();
    phone.callbacks.set(name, callbacks);
    const { firebase } = open();
    const outcome = Promise.allSettled([firebase.signIn()]);
    await time.advance(6 * MINUTE_MS);
    const code = FATAL[name]?.[callbacks];
    expect(await outcome).toMatchObject([
      code === undefined ? { value: { uid: 'tiki:1001' } } : { reason: { code } },
    ]);
    expect(phone.authCodes.length).toBeLessThan(2);
    expect(time.pending()).toBe(0);

    phone.callbacks.clear();
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
    await expect(firebase.getIdToken({ forceRefresh: true })).resolves.toContain('.');
  });

  it.each(MISCHIEF)('%s, a stored session reaches no other user', async (callbacks) => {
    const { open, phone, time } = scene();
    await open().firebase.signIn();
    phone.callbacks.set(name, callbacks);
    phone.customer = BINH;
    const { firebase } = open();
    const failure = failureOf(firebase.getIdToken());
    await time.advance(MINUTE_MS);
    expect(['user-changed', 'user-unknown', 'not-signed-in']).toContain((await failure).code);
    expect(firebase.currentUser).toBeNull();
  });
});

const AT = '2026-01-01T00:00:00Z';
const ROOT = 'projects/demo-tiki-bridge/databases/(default)/documents/';
const DOCUMENT = { name: `${ROOT}q/a`, fields: {}, createTime: AT, updateTime: AT };
const FILE = {
  bucket: 'demo-tiki-bridge.firebasestorage.app',
  name: 'a/b.png',
  size: '1',
  downloadTokens: 'token',
};
/** The kinds of call, with the URL and what the server answers. */
const written = json(200, { writeResults: [{}], commitTime: AT });
const aggregated = json(200, [{ result: { aggregateFields: { result: { integerValue: '7' } } } }]);

interface Kind {
  readonly path: string;
  readonly answer: ReturnType<typeof json>;
  readonly call: (app: OpenedApp) => Promise<unknown>;
  /** The client waits longer than 40 s for it. */
  readonly isPatient?: boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  get: {
    path: ':batchGet',
    answer: json(200, [{ found: DOCUMENT, readTime: AT }]),
    call: ({ firebase }) => firebase.firestore().get('q/a'),
  },
  list: {
    path: '/q?',
    answer: json(200, { documents: [DOCUMENT] }),
    call: ({ firebase }) => firebase.firestore().list('q'),
  },
  query: {
    path: ':runQuery',
    answer: json(200, [{ document: DOCUMENT, readTime: AT }]),
    call: ({ firebase }) => firebase.firestore().query('q'),
  },
  count: {
    path: ':runAggregationQuery',
    answer: aggregated,
    call: ({ firebase, aggregate }) => aggregate.count(firebase.firestore(), 'q'),
  },
  sum: {
    path: ':runAggregationQuery',
    answer: aggregated,
    call: ({ firebase, aggregate }) => aggregate.sum(firebase.firestore(), 'q', 'n'),
  },
  average: {
    path: ':runAggregationQuery',
    answer: json(200, [{ result: { aggregateFields: { result: { doubleValue: 0.5 } } } }]),
    call: ({ firebase, aggregate }) => aggregate.average(firebase.firestore(), 'q', 'n'),
  },
  add: {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().add('q', {}),
  },
  set: {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().set('q/a', {}).then(String),
  },
  'set with merge': {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().set('q/a', {}, { merge: true }).then(String),
  },
  update: {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().update('q/a', { n: 1 }).then(String),
  },
  delete: {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().delete('q/a').then(String),
  },
  batch: {
    path: ':commit',
    answer: written,
    call: ({ firebase }) => firebase.firestore().batch().delete('q/a').commit().then(String),
  },
  transaction: {
    path: ':commit',
    answer: written,
    call: ({ firebase, transaction }) =>
      transaction.runTransaction(firebase.firestore(), (writes) =>
        Promise.resolve(Boolean(writes.delete('q/a'))),
      ),
  },
  callable: {
    path: '/add',
    answer: json(200, { result: 7 }),
    call: ({ firebase }) => firebase.functions().call('add'),
    isPatient: true,
  },
  upload: {
    path: '/storage/',
    answer: json(200, FILE),
    call: ({ firebase }) => firebase.storage().upload(FILE.name, 'tini-file/tmp/b.png'),
    isPatient: true,
  },
  'address of a file': {
    path: '/storage/',
    answer: json(200, FILE),
    call: ({ firebase }) => firebase.storage().downloadUrl(FILE.name),
  },
  plans: {
    path: '/plans',
    answer: json(200, { plans: [] }),
    call: ({ firebase }) => firebase.payments().plans(),
  },
  orders: {
    path: '/orders',
    answer: json(200, { orders: [] }),
    call: ({ firebase }) => firebase.payments().orders(),
  },
  request: {
    path: '/api/me',
    answer: json(200, {}),
    call: ({ firebase }) => firebase.request({ url: '/api/me' }),
  },
  refresh: {
    path: '/none',
    answer: json(200, {}),
    call: ({ firebase }) => firebase.getIdToken({ forceRefresh: true }),
  },
};

describe.each(Object.entries(KINDS))('the call %s', (name, { path, answer, call, isPatient }) => {
  it.each(MISCHIEF)('succeeds or has a code where my calls back %s', async (callbacks) => {
    const { open, phone, server, time } = scene();
    const app = open();
    await app.firebase.signIn();
    phone.files.set('tini-file/tmp/b.png', { type: 'image/*', bytes: Buffer.from('a') });
    server.answers.push(...Array.from({ length: 3 }, () => ({ path, answer })));
    const used = name === 'upload' ? 'uploadFile' : 'request';
    phone.callbacks.set(used, callbacks);
    const outcome = Promise.allSettled([call(app)]);
    await time.advance(6 * MINUTE_MS);
    const isLate = callbacks === 'late' && !isPatient;
    const code = isLate ? 'timeout' : { ...FATAL['request'], late: undefined }[callbacks];
    expect(await outcome).toMatchObject([
      code === undefined ? { status: 'fulfilled' } : { reason: { code } },
    ]);
    expect(time.pending()).toBe(0);
  });

  it.each([-1, 1])('succeeds with a clock that is wrong by %d day', async (days) => {
    const { open, phone, server } = scene();
    const app = open({ now: () => START + days * 24 * 60 * MINUTE_MS });
    await app.firebase.signIn();
    phone.files.set('tini-file/tmp/b.png', { type: 'image/*', bytes: Buffer.from('a') });
    server.answers.push({ path, answer });
    await expect(call(app)).resolves.toBeDefined();
  });

  it('succeeds where storage fails', async () => {
    const { open, phone, server } = scene();
    phone.storageFails = true;
    const app = open();
    await app.firebase.signIn();
    phone.files.set('tini-file/tmp/b.png', { type: 'image/*', bytes: Buffer.from('a') });
    server.answers.push({ path, answer });
    await expect(call(app)).resolves.toBeDefined();
  });
});

it('knows three users in turn, each from a tap of their own', async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  const users: unknown[] = [];
  firebase.onAuthStateChanged((user) => users.push(user && user.uid));
  for (const customer of [AN, BINH, { id: '1003', name: 'Lê Cường' }, AN]) {
    phone.customer = customer;
    show();
    const failure = await failureOf(firebase.getIdToken());
    expect(failure.code).toBe(users.length < 2 ? 'not-signed-in' : 'user-changed');
    expect((await firebase.signIn()).uid).toBe(`tiki:${customer.id}`);
    await firebase.getIdToken();
  }
  expect(users).toEqual([
    null,
    ...['tiki:1001', null, 'tiki:1002', null, 'tiki:1003', null, 'tiki:1001'],
  ]);
  expect(stored(phone)).toContain('tiki:1001');
});

it.each([
  ['200', 200],
  ['302', 302],
  ['404', 404],
  ['503', 503],
])('takes HTML with %s from everywhere for no login and no document', async (_, status) => {
  const { open, phone, server, time } = scene();
  const { firebase } = open();
  await firebase.signIn();
  const html = { status, headers: { 'content-type': 'text/html' }, body: '<html>Wi-Fi</html>' };
  for (let index = 0; index < 20; index += 1) server.answers.push({ path: '/', answer: html });
  const code = { 200: 'bad-response', 302: 'bad-response', 404: 'not-found', 503: 'unavailable' }[
    status
  ];
  for (const call of [firebase.signIn(), firebase.getIdToken({ forceRefresh: true })]) {
    const failure = failureOf(call);
    await time.advance(MINUTE_MS);
    expect((await failure).code).toBe(code);
  }
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
});
