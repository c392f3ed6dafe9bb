import type { Firestore } from '../src/firestore/index';
import { clientForTests, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const ROOT = 'projects/demo-tiki-bridge/databases/(default)/documents/';

/** What Firestore answers to one write. */
const WRITTEN = { writeResults: [{}], commitTime: '2026-01-01T00:00:00Z' };

/** A logged-in app and its Firestore client. */
async function loggedIn() {
  const { open, phone, server, time } = scene();
  const { firebase, firestoreClient } = open();
  await firebase.signIn();
  phone.requests.length = 0;
  return { firestore: firebase.firestore(), firestoreClient, phone, server, time };
}

/** A REST document. */
const documentAt = (path: string) => ({
  name: ROOT + path,
  fields: {},
  createTime: '2026-01-01T00:00:00Z',
  updateTime: '2026-01-01T00:00:00Z',
});

it.each([
  [[{ document: documentAt('q/a') }, { error: { code: 503, status: 'UNAVAILABLE' } }]],
  [[{ error: { code: 14, message: 'gone', status: 'UNAVAILABLE' } }]],
])('does not take a query for answered that broke off with an error: %j', async (stream) => {
  const { firestore, server, time } = await loggedIn();
  const answer = { path: ':runQuery', answer: json(200, stream) };
  server.answers.push(answer, answer, answer);
  const failure = failureOf(firestore.query('q'));
  await time.advance(5_000);
  expect((await failure).code).toBe('unavailable');
});

it('reports the error of a stream that was aborted', async () => {
  const { firestore, server } = await loggedIn();
  const refusal = [{ error: { code: 403, status: 'PERMISSION_DENIED' } }];
  server.answers.push({ path: ':batchGet', answer: json(200, refusal) });
  expect((await failureOf(firestore.get('q/a'))).code).toBe('permission-denied');
});

it.each([
  ['a field beside its map', { 'a.b': 1, a: { c: 2 } }],
  ['a map beside its field', { a: { c: 2 }, 'a.b': 1 }],
  ['a field of a text', { a: 'xyz', 'a.b': 1 }],
  ['a field far inside', { a: 1, 'a.b.c.d': 1 }],
  ['a field that would be a prototype', JSON.parse('{"__proto__":{"x":1}}') as object],
  ['a field of what would be a prototype', { '__proto__.x': 1 }],
  ['a prototype inside a map', { a: JSON.parse('{"__proto__":1}') as object }],
])('refuses to update %s', async (_, fields) => {
  const { firestore, phone } = await loggedIn();
  const failure = await failureOf(firestore.update('c/u', fields as never));
  expect(failure.code).toBe('invalid-argument');
  expect(failure.message).toBe('Ứng dụng lỗi. Hãy báo nhà phát triển.');
  expect(phone.requests).toEqual([]);
});

it('updates several fields with any names', async () => {
  const { firestore, phone, server } = await loggedIn();
  server.answers.push({ path: ':commit', answer: json(200, WRITTEN) });
  await firestore.update('c/u', { 'a.b': 1, 'a.c': 2, ab: 3, 'constructor.x': 4, toString: 5 });
  const one = (value: number) => ({ integerValue: String(value) });
  const map = (fields: object) => ({ mapValue: { fields } });
  expect(phone.requests[0]?.data).toMatchObject({
    writes: [
      {
        update: {
          name: `${ROOT}c/u`,
          fields: {
            a: map({ b: one(1), c: one(2) }),
            ab: one(3),
            constructor: map({ x: one(4) }),
            toString: one(5),
          },
        },
        updateMask: { fieldPaths: ['a.b', 'a.c', 'ab', 'constructor.x', 'toString'] },
      },
    ],
  });
});

it('removes fields that are deleteField(), and only these', async () => {
  const { firestore, firestoreClient, phone, server } = await loggedIn();
  const { deleteField } = firestoreClient;
  server.answers.push({ path: ':commit', answer: json(200, WRITTEN) });
  await firestore.update('c/u', {
    old: deleteField(),
    'a.b': deleteField(),
    'a.c': 1,
    'x.y': null,
  });
  expect(phone.requests[0]?.data).toMatchObject({
    writes: [
      {
        update: {
          fields: {
            a: { mapValue: { fields: { c: { integerValue: '1' } } } },
            x: { mapValue: { fields: { y: { nullValue: null } } } },
          },
        },
        updateMask: { fieldPaths: ['old', 'a.b', 'a.c', 'x.y'] },
        currentDocument: { exists: true },
      },
    ],
  });
  expect(JSON.stringify(phone.requests[0]?.data)).not.toMatch(/"(old|b)":/);
});

it('refuses deleteField() where there is no field to remove', async () => {
  const { firestore, firestoreClient, phone } = await loggedIn();
  const gone = firestoreClient.deleteField();
  const calls = [
    firestore.set('c/u', { old: gone } as never),
    firestore.update('c/u', { map: { old: gone } } as never),
    firestore.update('c/u', { list: [gone] } as never),
    firestore.query('c', { where: [['old', '==', gone as never]] }),
  ];
  for (const call of calls) {
    expect(await failureOf(call)).toMatchObject({ code: 'invalid-argument' });
  }
  expect(phone.requests).toEqual([]);
});

it('rejects a field named __proto__ instead of dropping it', async () => {
  const { firestore, phone } = await loggedIn();
  const data = JSON.parse('{"__proto__":{"x":1},"a":1}') as object;
  expect((await failureOf(firestore.set('c/p', data as never))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it.each(['c/../q', '../q/c', 'c/./q', '..'])('does not leave the collection %s', async (path) => {
  const { firestore, phone } = await loggedIn();
  expect((await failureOf(firestore.list(path))).code).toBe('invalid-argument');
  expect((await failureOf(firestore.query(path))).code).toBe('invalid-argument');
  expect((await failureOf(firestore.get(`${path}/a`))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it('resolves any path within this database', async () => {
  const { firestore, phone, server } = await loggedIn();
  for (const path of ['projects/p1/databases/d1', 'projects/p/databases/d/documents/x']) {
    const found = [{ found: documentAt(path) }];
    server.answers.push({ path: ':batchGet', answer: json(200, found) });
    expect(await firestore.get(path)).toMatchObject({ path });
    expect(phone.requests.pop()).toMatchObject({
      url: `${DOMAIN}/firestore/v1/${ROOT.slice(0, -1)}:batchGet`,
      data: { documents: [ROOT + path] },
    });
  }
});

it('refers to another database by its full name only', async () => {
  const { firestore, firestoreClient, phone, server } = await loggedIn();
  const { Reference } = firestoreClient;
  server.answers.push({ path: ':commit', answer: json(200, WRITTEN) });
  const other = 'projects/p/databases/d/documents/c/x';
  await firestore.set('c/a', {
    a: new Reference('projects/p/databases/d'),
    b: new Reference(other),
  });
  expect(phone.requests[0]?.data).toMatchObject({
    writes: [
      {
        update: {
          fields: {
            a: { referenceValue: `${ROOT}projects/p/databases/d` },
            b: { referenceValue: other },
          },
        },
      },
    ],
  });
});

/** An object that refers to itself, as page objects may. */
function cyclic(): object {
  const page: Record<string, unknown> = {};
  page['page'] = page;
  return page;
}

it.each<[string, (firestore: Firestore) => Promise<unknown>]>([
  ['an undefined path', (firestore) => firestore.get(undefined as never)],
  ['an undefined collection', (firestore) => firestore.list(undefined as never)],
  ['a path that is half a letter', (firestore) => firestore.list('c\ud800')],
  ['a query that is null', (firestore) => firestore.query('c', null as never)],
  [
    'a comparison that there is not',
    (firestore) => firestore.query('c', { where: [['x', '=' as never, null]] }),
  ],
  ['no data', (firestore) => firestore.set('c/d', null as never)],
  ['data that has itself inside', (firestore) => firestore.set('c/d', cyclic() as never)],
  ['a change that has itself inside', (firestore) => firestore.update('c/d', cyclic() as never)],
  ['no change', (firestore) => firestore.update('c/d', undefined as never)],
])('fails as it always does, before it asks, at %s', async (_, run) => {
  const { firestore, phone } = await loggedIn();
  const failure = await failureOf(run(firestore));
  expect([failure.name, failure.code]).toEqual(['TikiFirebaseError', 'invalid-argument']);
  expect(typeof failure.extras.detail).toBe('string');
  expect(phone.requests).toEqual([]);
});

it.each<[string, unknown, (firestore: Firestore) => Promise<unknown>]>([
  [':runQuery', { documents: [] }, (firestore) => firestore.query('q')],
  ['/q?', { documents: 7 }, (firestore) => firestore.list('q')],
  ['/q?', { documents: [{ fields: {} }] }, (firestore) => firestore.list('q')],
  [
    ':batchGet',
    [{ found: { name: `${ROOT}q/a`, fields: { a: { arrayValue: { values: 1 } } } } }],
    (firestore) => firestore.get('q/a'),
  ],
])('has a code for an answer to %s that is none of Firestore: %j', async (path, body, run) => {
  const { firestore, server } = await loggedIn();
  server.answers.push({ path, answer: json(200, body) });
  const failure = await failureOf(run(firestore));
  expect([failure.name, failure.code]).toEqual(['TikiFirebaseError', 'bad-response']);
});

describe('with a server timestamp', () => {
  const AT = '2026-01-02T03:04:05.678901Z';

  /** A document of the collection `q` that was read. */
  async function read() {
    const now = await loggedIn();
    const fields = { at: { timestampValue: AT }, n: { integerValue: '1' } };
    const document = { ...documentAt('q/a'), fields };
    now.server.answers.push({ path: ':runQuery', answer: json(200, [{ document }]) });
    const [snapshot] = await now.firestore.query('q', { orderBy: [['at', 'desc']], limit: 1 });
    if (!snapshot) throw new Error('The stand-in returned no document');
    /** The request body of the next query or write. */
    const sent = async (call: Promise<unknown>) => {
      now.server.answers.push(
        { path: ':commit', answer: json(200, WRITTEN) },
        { path: ':runQuery', answer: json(200, [{ readTime: AT }]) },
      );
      await call;
      return now.phone.requests.at(-1)?.data;
    };
    // The type of that field.
    const at = snapshot.data['at'] as Date;
    return { ...now, snapshot, at, sent };
  }

  it('starts after a snapshot, exact to the microsecond and the name', async () => {
    const { firestore, snapshot, sent } = await read();
    const query = { orderBy: [['at', 'desc']], startAfter: snapshot } as const;
    expect(await sent(firestore.query('q', query))).toMatchObject({
      structuredQuery: {
        orderBy: [
          { field: { fieldPath: 'at' }, direction: 'DESCENDING' },
          { field: { fieldPath: '__name__' }, direction: 'DESCENDING' },
        ],
        startAt: { values: [{ timestampValue: AT }, { referenceValue: `${ROOT}q/a` }] },
      },
    });
  });

  it("starts after the values of compared fields, in Firestore's implicit order", async () => {
    const { firestore, snapshot, sent } = await read();
    const where = [
      ['n', '!=', 5],
      ['at', '>', new Date(0)],
      ['n', '<', 9],
      ['x', '==', 1],
    ] as const;
    const body = await sent(firestore.query('q', { where, startAfter: snapshot }));
    const { structuredQuery } = body as { readonly structuredQuery: object };
    expect(structuredQuery).toMatchObject({
      orderBy: ['at', 'n', '__name__'].map((fieldPath) => ({ field: { fieldPath } })),
      startAt: {
        values: [{ timestampValue: AT }, { integerValue: '1' }, { referenceValue: `${ROOT}q/a` }],
      },
    });
  });

  it('compares with and starts after the exact instant', async () => {
    const { firestore, at, sent } = await read();
    const where = [['at', '==', at]] as const;
    expect(await sent(firestore.query('q', { where, startAfter: [at] }))).toMatchObject({
      structuredQuery: {
        where: {
          compositeFilter: { filters: [{ fieldFilter: { value: { timestampValue: AT } } }] },
        },
        startAt: { values: [{ timestampValue: AT }] },
      },
    });
  });

  it('writes back the exact instant, unless the app has changed it', async () => {
    const { firestore, at, sent } = await read();
    const written = (timestampValue: string) => ({
      writes: [{ update: { fields: { at: { timestampValue } } } }],
    });
    expect(await sent(firestore.set('q/b', { at }))).toMatchObject(written(AT));
    at.setUTCFullYear(2027);
    const changed = await sent(firestore.set('q/b', { at }));
    expect(changed).toMatchObject(written('2027-01-02T03:04:05.678Z'));
  });

  it('rejects a snapshot that went through setData, where times are strings', async () => {
    const { firestore, snapshot, phone } = await read();
    const startAfter = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot;
    const asked = phone.requests.length;
    const failure = await failureOf(firestore.query('q', { orderBy: [['at']], startAfter }));
    expect(failure).toMatchObject({
      code: 'invalid-argument',
      extras: { detail: 'startAfter' },
    });
    expect(phone.requests).toHaveLength(asked);
  });

  it.each(['none', 'at.none', 'none.none', 'toString'])(
    'rejects a snapshot without the order field %s',
    async (field) => {
      const { firestore, snapshot } = await read();
      const query = { orderBy: [[field]], startAfter: snapshot } as const;
      expect((await failureOf(firestore.query('q', query))).code).toBe('invalid-argument');
    },
  );
});
