import { clientForTests, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

async function loggedIn() {
  const now = scene();
  const app = now.open();
  await app.firebase.signIn();
  now.phone.requests.length = 0;
  return { ...now, ...app, firestore: app.firebase.firestore() };
}

type App = Awaited<ReturnType<typeof loggedIn>>;

const HTML = '<!doctype html><title>Wi-Fi</title>';
const html = (status: number) => ({
  status,
  headers: { 'content-type': 'text/html', location: 'https://wifi.example/' },
  body: HTML,
});

const ANSWERS = {
  'a page of HTML': html(200),
  'a redirect': html(302),
  'a redirect with JSON': json(307, { writeResults: [{}], documents: [] }),
  'no content': { status: 204, headers: {}, body: '' },
  'an empty body': { status: 200, headers: {}, body: '' },
  'the JSON of another server': json(200, { ok: true }),
  'a JSON text': json(200, 'done'),
  'JSON null': json(200, null),
  'an empty list': json(200, []),
  'a list of nothing': json(200, [null]),
  'a list of an empty object': json(200, [{}]),
  'a list where an object belongs': json(200, [{ writeResults: [{}], documents: [] }]),
  'a truncated list': { status: 200, headers: {}, body: '[{"document":{"name":"' },
  'fields of other types': json(200, {
    writeResults: 'x',
    documents: {},
    nextPageToken: 5,
  }),
  'an aggregation of nothing': json(200, [{ result: { aggregateFields: {} } }]),
  'an aggregation of text': json(200, [
    { result: { aggregateFields: { result: { stringValue: '1' } } } },
  ]),
};

const CALLS: Readonly<Record<string, (app: App) => Promise<unknown>>> = {
  set: ({ firestore }) => firestore.set('q/a', { n: 1 }),
  'set with merge': ({ firestore }) => firestore.set('q/a', { n: 1 }, { merge: true }),
  update: ({ firestore }) => firestore.update('q/a', { n: 1 }),
  delete: ({ firestore }) => firestore.delete('q/a'),
  add: ({ firestore }) => firestore.add('q', { n: 1 }),
  batch: ({ firestore }) => firestore.batch().delete('q/a').delete('q/b').commit(),
  get: ({ firestore }) => firestore.get('q/a'),
  list: ({ firestore }) => firestore.list('q'),
  query: ({ firestore }) => firestore.query('q'),
  count: ({ firestore, aggregate }) => aggregate.count(firestore, 'q'),
  sum: ({ firestore, aggregate }) => aggregate.sum(firestore, 'q', 'n'),
  average: ({ firestore, aggregate }) => aggregate.average(firestore, 'q', 'n'),
  'get in a transaction': ({ firestore, transaction }) =>
    transaction.runTransaction(firestore, (reads) => reads.get('q/a')),
  transaction: ({ firestore, transaction }) =>
    transaction.runTransaction(firestore, (writes) => Promise.resolve(void writes.delete('q/a'))),
};

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  it.each(Object.entries(ANSWERS))('does not take %s for success', async (__, answer) => {
    const app = await loggedIn();
    app.server.answers.push({ path: '/firestore/', answer });
    expect((await failureOf(call(app))).code).toBe('bad-response');
  });

  it.each([
    ['a bare page of HTML', { success: 'bare' }],
    ['a page of HTML without a status', { status: false }],
  ] as const)('does not take %s for success', async (__, behaviour) => {
    const app = await loggedIn();
    app.phone.behaviour = { ...app.phone.behaviour, ...behaviour };
    app.server.answers.push({ path: '/firestore/', answer: html(200) });
    expect((await failureOf(call(app))).code).toBe('bad-response');
  });
});

const ROOT = 'projects/demo-tiki-bridge/databases/(default)/documents/';
const AT = '2026-01-01T00:00:00Z';
const DOCUMENT = { name: `${ROOT}q/a`, fields: {}, createTime: AT, updateTime: AT };

describe.each([
  ['of another id', { ...DOCUMENT, name: `${ROOT}q/b` }],
  ['of another collection', { ...DOCUMENT, name: `${ROOT}other/a` }],
  ['of another project', { ...DOCUMENT, name: DOCUMENT.name.replace('demo', 'other') }],
  ['without a name', { ...DOCUMENT, name: undefined }],
  ['without times', { name: DOCUMENT.name, fields: {} }],
  ['with a time that is none', { ...DOCUMENT, updateTime: 'now' }],
  ['with a value of no type', { ...DOCUMENT, fields: { n: {} } }],
  ['with a value of an unknown type', { ...DOCUMENT, fields: { n: { newValue: 1 } } }],
  ['with an integer that is none', { ...DOCUMENT, fields: { n: { integerValue: '1.5' } } }],
  ['with a boolean that is none', { ...DOCUMENT, fields: { n: { booleanValue: 'no' } } }],
  ['with a text that is none', { ...DOCUMENT, fields: { n: { stringValue: {} } } }],
])('a document %s', (what, document) => {
  const READS: typeof CALLS = {
    get: ({ firestore }) => firestore.get('q/a'),
    'get in a transaction': ({ firestore, transaction }) =>
      transaction.runTransaction(firestore, (reads) => reads.get('q/a')),
    // Any id belongs to a collection.
    ...(what !== 'of another id' && {
      list: ({ firestore }) => firestore.list('q'),
      query: ({ firestore }) => firestore.query('q'),
      'query of a group': ({ firestore, firestoreClient }) =>
        firestore.query(firestoreClient.collectionGroup('q')),
    }),
  };

  it.each(Object.entries(READS))('is not returned by %s', async (_, read) => {
    const app = await loggedIn();
    const stream = json(200, [{ found: document, document, readTime: AT }]);
    app.server.answers.push(
      { path: 'documents/q?', answer: json(200, { documents: [document] }) },
      { path: '/firestore/', answer: stream },
    );
    expect((await failureOf(read(app))).code).toBe('bad-response');
  });
});

it('takes an empty batch for done without asking', async () => {
  const { firestore, phone } = await loggedIn();
  await firestore.batch().commit();
  expect(phone.requests).toEqual([]);
});

it('does not run a transaction again whose update has no document', async () => {
  const { firestore, transaction, server } = await loggedIn();
  const answer = googleError(404, 'No document to update', 'NOT_FOUND');
  server.answers.push({ path: ':commit', answer });
  const run = jest.fn((writes: { update: (path: string, data: object) => unknown }) => {
    writes.update('q/a', { n: 1 });
    return Promise.resolve();
  });
  const failure = await failureOf(transaction.runTransaction(firestore, run));
  expect([failure.code, run.mock.calls.length]).toEqual(['not-found', 1]);
});

it.each([[[]], [[{}]], [[{}, {}, {}]], [{}], [undefined], ['ab'], [[null, null]], [{ length: 2 }]])(
  'resolves a batch of two writes with two writeResults only, not with %j',
  async (writeResults) => {
    const app = await loggedIn();
    app.server.answers.push({ path: ':commit', answer: json(200, { writeResults }) });
    const batch = app.firestore.batch().delete('q/a').delete('q/b');
    expect((await failureOf(batch.commit())).code).toBe('bad-response');
  },
);

it('takes an empty object for an empty collection, but no list and nothing else', async () => {
  const { firestore, server } = await loggedIn();
  server.answers.push({ path: '/q?', answer: json(200, {}) });
  expect(await firestore.list('q')).toEqual({ documents: [], nextPageToken: '' });
  for (const body of [[], { documents: [], ok: true }, { items: [] }]) {
    server.answers.push({ path: '/q?', answer: json(200, body) });
    expect((await failureOf(firestore.list('q'))).code).toBe('bad-response');
  }
});

describe('a write whose answer is lost', () => {
  const WRITTEN = json(200, { writeResults: [{}] });

  it('is repeated if the second changes nothing', async () => {
    const { firestore, phone, server, time } = await loggedIn();
    phone.networkFaults.push({ path: ':commit', what: 'answer lost' });
    server.answers.push({ path: ':commit', answer: WRITTEN }, { path: ':commit', answer: WRITTEN });
    const written = firestore.set('q/a', { n: 1 });
    await time.advance(2_000);
    await written;
    expect(phone.requests).toHaveLength(2);
  });

  it('is not repeated if it has an increment, which would count twice', async () => {
    const { firestore, firestoreClient, phone, server, time } = await loggedIn();
    phone.networkFaults.push({ path: ':commit', what: 'answer lost' });
    server.answers.push({ path: ':commit', answer: WRITTEN });
    const { increment } = firestoreClient;
    const failure = failureOf(firestore.update('q/a', { n: increment(1) }));
    await time.advance(30_000);
    expect((await failure).code).toBe('network');
    expect(phone.requests).toHaveLength(1);
  });

  it('is repeated with an increment when Firestore says that it did nothing', async () => {
    const { firestore, firestoreClient, phone, server, time } = await loggedIn();
    const aborted = googleError(409, 'Too much contention', 'ABORTED');
    server.answers.push({ path: ':commit', answer: aborted }, { path: ':commit', answer: WRITTEN });
    const written = firestore.update('q/a', { n: firestoreClient.increment(1) });
    await time.advance(2_000);
    await written;
    expect(phone.requests).toHaveLength(2);
  });

  it('is refused at once in a transaction that updates what it has not read and nobody has', async () => {
    const { firestore, transaction, time, server } = await loggedIn();
    const none = googleError(404, 'No document to update', 'NOT_FOUND');
    server.answers.push({ path: ':commit', answer: none });
    const run = jest.fn((writes: { update: (path: string, data: object) => unknown }) => {
      writes.update('q/a', { n: 1 });
      return Promise.resolve();
    });
    const failure = failureOf(transaction.runTransaction(firestore, run));
    await time.advance(30_000);
    expect((await failure).code).toBe('not-found');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is not repeated in a transaction, which would meet its own change', async () => {
    const { firestore, transaction, phone, server, time } = await loggedIn();
    phone.networkFaults.push({ path: ':commit', what: 'answer lost' });
    server.answers.push({ path: ':commit', answer: WRITTEN });
    const run = jest.fn((writes: { set: (path: string, data: object) => unknown }) => {
      writes.set('q/a', { n: 1 });
      return Promise.resolve();
    });
    const failure = failureOf(transaction.runTransaction(firestore, run));
    await time.advance(30_000);
    expect((await failure).code).toBe('network');
    expect([run.mock.calls.length, phone.requests.length]).toEqual([1, 1]);
  });

  it('is done if the repeated creation finds its own document', async () => {
    const { firestore, phone, server, time } = await loggedIn();
    phone.networkFaults.push({ path: ':commit', what: 'answer lost' });
    const exists = googleError(409, 'Document already exists', 'ALREADY_EXISTS');
    server.answers.push({ path: ':commit', answer: WRITTEN }, { path: ':commit', answer: exists });
    const added = firestore.add('q', { n: 1 });
    await time.advance(2_000);
    const { id, path } = await added;
    expect(path).toBe(`q/${id}`);
    const names = phone.requests.map(({ data }) =>
      (data as { writes: { update: { name: string } }[] }).writes[0]?.update.name.slice(-22),
    );
    expect(names).toEqual([path, path]);
  });
});

describe('a date that setData turned into text', () => {
  const at = '2026-01-02T03:04:05.678Z';

  it.each<[string, (app: App) => Promise<unknown>]>([
    ['set', ({ firestore }) => firestore.set('q/a', { deep: [{ at }] })],
    ['merge', ({ firestore }) => firestore.set('q/a', { at }, { merge: true })],
    ['update', ({ firestore }) => firestore.update('q/a', { 'a.at': at })],
    ['add', ({ firestore }) => firestore.add('q', { at })],
    [
      'arrayUnion',
      ({ firestore, firestoreClient }) =>
        firestore.update('q/a', { list: firestoreClient.arrayUnion(at) }),
    ],
    ['a condition', ({ firestore }) => firestore.query('q', { where: [['at', '>', at]] })],
    ['a cursor', ({ firestore }) => firestore.query('q', { orderBy: [['at']], startAt: [at] })],
  ])('is refused by %s', async (_, call) => {
    const app = await loggedIn();
    const failure = await failureOf(call(app));
    expect(failure.code).toBe('invalid-argument');
    expect(failure.extras.detail).toMatch(/: a date as text$/);
    expect(app.phone.requests).toEqual([]);
  });

  it('is written where the app means text, and where text was read', async () => {
    const { firestore, firestoreClient, phone, server } = await loggedIn();
    const written = { path: ':commit', answer: json(200, { writeResults: [{}] }) };
    server.answers.push(written, written);
    await firestore.set('q/a', { at: firestoreClient.isoText(at) });
    const name = 'projects/demo-tiki-bridge/databases/(default)/documents/q/a';
    const read = '2026-01-02T03:04:05.679Z';
    const found = { ...DOCUMENT, name, fields: { at: { stringValue: read } } };
    server.answers.push({ path: ':batchGet', answer: json(200, [{ found }]) });
    const snapshot = await firestore.get('q/a');
    if (!snapshot) throw new Error('The stand-in returned it.');
    await firestore.set('q/a', snapshot.data);
    const texts = phone.requests.map(({ data }) => JSON.stringify(data));
    expect(texts[0]).toContain(`{"stringValue":"${at}"}`);
    expect(texts[2]).toContain(`{"stringValue":"${read}"}`);
  });
});

describe('a value that setData turned into a map', () => {
  const copyOf = (value: unknown) => JSON.parse(JSON.stringify(value)) as never;

  it.each<[string, (client: App['firestoreClient']) => unknown]>([
    ['geoPoint', ({ GeoPoint }) => new GeoPoint(1, 2)],
    ['int64', ({ Int64 }) => new Int64('9007199254740993')],
    ['documentReference', ({ Reference }) => new Reference('users/tiki:1')],
    ['vectorValue', ({ vector }) => vector([1, 2])],
  ])('is refused: %s', async (name, make) => {
    const { firestore, firestoreClient, phone } = await loggedIn();
    const here = copyOf(make(firestoreClient));
    for (const call of [
      firestore.set('q/a', { here }),
      firestore.set('q/a', { here }, { merge: true }),
      firestore.update('q/a', { here }),
      firestore.update('q/a', { here: firestoreClient.arrayUnion(here) }),
      firestore.add('q', { here: [{ here }] }),
      firestore.query('q', { where: [['here', '==', here]] }),
    ]) {
      const failure = await failureOf(call);
      expect(failure.code).toBe('invalid-argument');
      expect(failure.extras.detail).toMatch(`here: ${name} as a map`);
    }
    expect(phone.requests).toEqual([]);
  });

  it('is refused if it was bytes that were read, which show as base64', async () => {
    const { firestore, server, phone } = await loggedIn();
    const found = { ...DOCUMENT, fields: { photo: { bytesValue: 'AAEC' } } };
    server.answers.push({ path: ':batchGet', answer: json(200, [{ found }]) });
    const snapshot = await firestore.get<{ photo: Uint8Array }>('q/a');
    const photo = snapshot?.data.photo;
    expect(Array.from(photo ?? [])).toEqual([0, 1, 2]);
    expect(copyOf(photo)).toMatchObject({ bytes: 'AAEC' });
    phone.requests.length = 0;
    const failure = await failureOf(firestore.set('q/a', { photo: copyOf(photo) }));
    expect(failure.extras.detail).toBe('photo: bytes as a map');
    expect(phone.requests).toEqual([]);
  });

  it('is written as what it was where it is the value itself', async () => {
    const { firestore, firestoreClient, server, phone } = await loggedIn();
    server.answers.push({ path: ':commit', answer: json(200, { writeResults: [{}] }) });
    const { GeoPoint } = firestoreClient;
    await firestore.set('q/a', { here: new GeoPoint(1, 2), map: { type: 'firestore' } });
    expect(JSON.stringify(phone.requests[0]?.data)).toContain(
      '"here":{"geoPointValue":{"latitude":1,"longitude":2}},"map":{"mapValue":',
    );
  });
});

it('refuses an increment by anything but a number', async () => {
  const { firestore, firestoreClient, phone } = await loggedIn();
  const failure = await failureOf(
    firestore.update('q/a', { n: firestoreClient.increment('1' as never) }),
  );
  expect(failure).toMatchObject({ code: 'invalid-argument', extras: { detail: 'n: increment' } });
  expect(phone.requests).toEqual([]);
});

it.each([
  ['inside an array', (value: unknown) => ({ list: [value] })],
  ['inside a map of an array', (value: unknown) => ({ list: [{ a: value }] })],
])('refuses serverTimestamp() %s, as Firestore does', async (_, data) => {
  const { firestore, firestoreClient, phone } = await loggedIn();
  const call = firestore.set('q/a', data(firestoreClient.serverTimestamp()) as never);
  expect((await failureOf(call)).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});
