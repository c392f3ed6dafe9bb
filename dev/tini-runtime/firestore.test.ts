import { clientForTests, DOMAIN, failureOf } from './setup';
import { json } from './stand-in';

const { scene } = clientForTests();

const ROOT = 'projects/demo-tiki-bridge/databases/(default)/documents/';

/** A logged-in app, and what Firestore is going to be asked for. */
async function loggedIn() {
  const { open, phone, server } = scene();
  const { firebase, firestoreClient } = open();
  await firebase.signIn();
  phone.requests.length = 0;
  return { firestore: firebase.firestore(), firestoreClient, phone, server };
}

/** A document as REST has it. */
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
  const { firestore, server } = await loggedIn();
  server.answers.push({ path: ':runQuery', answer: json(200, stream) });
  expect((await failureOf(firestore.query('q'))).code).toBe('unavailable');
});

it('says what a read that broke off was refused for', async () => {
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

it('updates fields side by side, whatever they are called', async () => {
  const { firestore, phone, server } = await loggedIn();
  server.answers.push({ path: ':commit', answer: json(200, {}) });
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

it('refuses to set a field that would be a prototype, instead of dropping it', async () => {
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

it("takes a path for this database's, whatever it begins with", async () => {
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

it('refers to another database by a full name, and by nothing shorter', async () => {
  const { firestore, firestoreClient, phone, server } = await loggedIn();
  const { Reference } = firestoreClient;
  server.answers.push({ path: ':commit', answer: json(200, {}) });
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
