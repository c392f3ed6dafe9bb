import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { FirestoreValue, Snapshot } from '../src/firestore/index';
import type { QuerySnapshot } from '../src/listen/index';
import { liveForTests } from '@tiki-bridge/testing/tini-runtime/live';
import { AN, BINH, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';

/** Dates from the app's realm are not equal to ours, so they are compared as strings. */
function plain(value: unknown): unknown {
  if (Object.prototype.toString.call(value) === '[object Date]') {
    return `Date ${(value as Date).toISOString()}`;
  }
  if (Array.isArray(value)) return value.map(plain);
  const isMap = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
  return isMap
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]))
    : value;
}

const NOTES = 'users/tiki:1001/notes';

describeWithFirestore('Firestore through the client', () => {
  const live = liveForTests();

  const open = async () => {
    const app = live.open(live.phone());
    await app.firebase.signIn();
    return { ...app.firestoreClient, firestore: app.firebase.firestore(), app };
  };

  it('round-trips every type of value', async () => {
    const { firestore, GeoPoint, Int64, Reference } = await open();
    const data = {
      text: 'Nguyễn Thị Ánh Tuyết, Đường Trần Hưng Đạo, 12 “Ngõ” 😀',
      empty: '',
      yes: true,
      no: false,
      nothing: null,
      zero: 0,
      safe: 9007199254740991,
      negative: -9007199254740991,
      huge: new Int64('9223372036854775807'),
      hugeNegative: new Int64('-9223372036854775808'),
      fraction: 0.1,
      tiny: 5e-324,
      large: 1.7976931348623157e308,
      notANumber: NaN,
      infinite: Infinity,
      negativeInfinite: -Infinity,
      time: new Date('2026-11-22T07:30:00.123Z'),
      early: new Date('0001-01-01T00:00:00Z'),
      bytes: Uint8Array.from({ length: 256 }, (_, index) => index),
      noBytes: new Uint8Array(0),
      here: new GeoPoint(10.7769, 106.7009),
      nullIsland: new GeoPoint(0, 0),
      friend: firestore.ref('users/tiki:1002'),
      elsewhere: new Reference('projects/other/databases/(default)/documents/a/b'),
      map: { a: { b: { c: [1, { d: 'e' }] } }, empty: {}, 'tên có dấu': 1, 'a.b': 2 },
      list: [1, 'hai', null, { ba: 3 }],
      noList: [],
    };
    await firestore.set(`${NOTES}/all`, data);
    const read = await firestore.get(`${NOTES}/all`);
    expect(plain(read?.data)).toEqual(plain(data));
    expect(read).toMatchObject({ path: `${NOTES}/all`, id: 'all' });
    expect(Math.abs(Number(read?.updateTime) - Date.now())).toBeLessThan(60_000);
  });

  it('accepts a bigint, and returns times in milliseconds', async () => {
    const { firestore, Int64 } = await open();
    await live.publish(`${NOTES}/micro`.replace(':', '%3A'), {
      time: { timestampValue: '2026-01-02T03:04:05.678901Z' },
    });
    const micro = await firestore.get(`${NOTES}/micro`);
    expect(plain(micro?.data)).toEqual({ time: 'Date 2026-01-02T03:04:05.678Z' });
    await firestore.set(`${NOTES}/big`, { a: 2n ** 62n, b: 42n });
    const big = await firestore.get(`${NOTES}/big`);
    expect(big?.data).toEqual({ a: new Int64('4611686018427387904'), b: 42 });
  });

  it('updates some fields, including nested and oddly named ones, and keeps others', async () => {
    const { firestore, deleteField } = await open();
    const path = `${NOTES}/partial`;
    await firestore.set(path, { a: { b: 1, c: 2 }, keep: 'this', tên: 'cũ' });
    await firestore.update(path, { 'a.b': 3, tên: 'mới', 'x.y.z': [1] });
    expect((await firestore.get(path))?.data).toEqual({
      a: { b: 3, c: 2 },
      keep: 'this',
      tên: 'mới',
      x: { y: { z: [1] } },
    });
    const gone = deleteField();
    await firestore.update(path, { tên: gone, 'a.b': gone, 'x.y': gone, absent: gone });
    expect((await firestore.get(path))?.data).toEqual({ a: { c: 2 }, keep: 'this', x: {} });
    expect((await failureOf(firestore.update(`${NOTES}/gone`, { a: 1 }))).code).toBe('not-found');
  });

  it('replaces with set, deletes twice, reads an empty document', async () => {
    const { firestore } = await open();
    const path = `${NOTES}/một hai+ba`;
    await firestore.set(path, { a: 1 });
    await firestore.set(path, {});
    expect((await firestore.get(path))?.data).toEqual({});
    await firestore.delete(path);
    await firestore.delete(path);
    expect(await firestore.get(path)).toBeNull();
  });

  it('lists page by page', async () => {
    const { firestore } = await open();
    const collection = 'users/tiki:1001/pages';
    expect(await firestore.list(collection)).toEqual({ documents: [], nextPageToken: '' });
    for (const id of ['a', 'b', 'c']) await firestore.set(`${collection}/${id}`, { id });
    const first = await firestore.list(collection, { pageSize: 2 });
    expect(first.documents.map(({ id }) => id)).toEqual(['a', 'b']);
    const { nextPageToken } = first;
    const rest = await firestore.list(collection, { pageSize: 2, pageToken: nextPageToken });
    expect(rest.documents.map(({ id }) => id)).toEqual(['c']);
    expect(rest.nextPageToken).toBe('');
  });

  it('queries with conditions, order, limit and a cursor', async () => {
    const { firestore } = await open();
    const collection = `users/tiki:${AN.id}/shops/first/sales`;
    const uid = { stringValue: `tiki:${AN.id}` };
    for (const [id, total, note] of [
      ['o1', '10', { stringValue: 'x' }],
      ['o2', '20', { nullValue: null }],
      ['o3', '30', { doubleValue: 'NaN' }],
    ] as const) {
      await live.publish(`${collection}/${id}`, { uid, total: { integerValue: total }, note });
    }
    await live.publish(`${collection}/o4`, { uid: { stringValue: 'tiki:1002' } });
    const mine = ['uid', '==', 'tiki:1001'] as const;
    const ids = async (query: Parameters<typeof firestore.query>[1]) =>
      (await firestore.query(collection, query)).map(({ id }) => id);
    expect(await ids({ where: [mine] })).toEqual(['o1', 'o2', 'o3']);
    expect(await ids({ where: [mine, ['total', '>', 10]], orderBy: [['total', 'desc']] })).toEqual([
      'o3',
      'o2',
    ]);
    expect(await ids({ where: [mine], orderBy: [['total']], startAfter: [10], limit: 1 })).toEqual([
      'o2',
    ]);
    expect(await ids({ where: [mine, ['total', 'in', [10, 30]]] })).toEqual(['o1', 'o3']);
    expect(await ids({ where: [mine, ['note', '==', null]] })).toEqual(['o2']);
    expect(await ids({ where: [mine, ['note', '==', NaN]] })).toEqual(['o3']);
    expect(await ids({ where: [mine, ['total', '==', 99]] })).toEqual([]);
    // Rules are not filters: a query for everyone's documents is denied.
    expect((await failureOf(firestore.query('users'))).code).toBe('permission-denied');
  });

  it.each(['a document', 'values'])(
    'pages by server timestamps without gaps or repeats, starting after %s',
    async (by) => {
      const { firestore } = await open();
      const collection = `users/tiki:${AN.id}/shops/first/sales`;
      const uid = { stringValue: `tiki:${AN.id}` };
      const kind = `paged by ${by}`;
      // Within one millisecond; two are equal.
      const instants = ['.678901', '.678902', '.678902', '.678903', '.679'];
      for (const [index, fraction] of instants.entries()) {
        await live.publish(`${collection}/${by.replace(' ', '-')}-${index}`, {
          uid,
          kind: { stringValue: kind },
          at: { timestampValue: `2026-01-02T03:04:05${fraction}Z` },
        });
      }
      const where = [
        ['uid', '==', `tiki:${AN.id}`],
        ['kind', '==', kind],
      ] as const;
      const orderBy =
        by === 'values'
          ? ([
              ['at', 'desc'],
              ['__name__', 'desc'],
            ] as const)
          : ([['at', 'desc']] as const);
      const ids: string[] = [];
      let last: Snapshot | undefined;
      // Bounded in case paging loops.
      while (ids.length <= instants.length) {
        const values = last && [last.data['at'] ?? null, firestore.ref(last.path)];
        const startAfter = by === 'values' ? values : last;
        const query = { where, orderBy, limit: 1, ...(startAfter && { startAfter }) };
        [last] = await firestore.query(collection, query);
        if (!last) break;
        ids.push(last.id);
      }
      expect(ids.map((id) => id.slice(-1))).toEqual(['4', '3', '2', '1', '0']);
    },
  );

  it('rejects invalid paths and values before sending anything', async () => {
    const { firestore, app } = await open();
    const calls = [
      firestore.set(`${NOTES}/a`, { a: undefined as never }),
      firestore.set(`${NOTES}/a`, { a: (() => 1) as never }),
      firestore.set(`${NOTES}/a`, { a: new Date(NaN) }),
      firestore.set(`${NOTES}/a`, { a: new Map() as never }),
      firestore.get(NOTES),
      firestore.get('users//notes/a'),
      firestore.list('users/tiki:1001'),
      firestore.query('users/tiki:1001'),
    ];
    for (const call of calls) expect((await failureOf(call)).code).toBe('invalid-argument');
    expect(app.my['request']).toBeDefined();
  });

  it('grants premium content to paying users only', async () => {
    await live.publish('premiumContent/welcome', { title: { stringValue: 'Chào bạn' } });
    const { firestore, app } = await open();
    await live.setClaims(AN, {});
    await app.firebase.getIdToken({ forceRefresh: true });
    expect((await failureOf(firestore.get('premiumContent/welcome'))).code).toBe(
      'permission-denied',
    );
    await live.setClaims(AN, { premiumAccount: true, premiumUntil: Date.now() + 60_000 });
    await app.firebase.getIdToken({ forceRefresh: true });
    expect(app.firebase.isPremium()).toBe(true);
    expect((await firestore.get('premiumContent/welcome'))?.data).toEqual({ title: 'Chào bạn' });
  });

  it('ends the session of a disabled account', async () => {
    const phone = live.phone();
    phone.customer = { id: '1003', name: 'Chi' };
    const { firebase } = live.open(phone);
    await firebase.signIn();
    await live.setAccount(phone.customer, { disableUser: true });
    const failure = await failureOf(firebase.getIdToken({ forceRefresh: true }));
    expect(failure.code).toBe('user-disabled');
    expect(firebase.currentUser).toBeNull();
    expect(phone.requests.every(({ url }) => url.startsWith(`${DOMAIN}/`))).toBe(true);
  });

  it('adds documents under ids of 20 characters', async () => {
    const { firestore } = await open();
    const added = await Promise.all(
      [1, 2, 3].map((n) => firestore.add('users/tiki:1001/added', { n })),
    );
    expect(new Set(added.map(({ id }) => id)).size).toBe(3);
    for (const [index, { id, path: at }] of added.entries()) {
      expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
      expect((await firestore.get(at))?.data).toEqual({ n: index + 1 });
    }
  });

  it('merges with set: keeps other fields, also of maps', async () => {
    const { firestore, deleteField } = await open();
    const at = `${NOTES}/merged`;
    await firestore.set(at, { 'a.b': 1, map: { x: 1, y: 2 }, gone: 1, list: [1] }, { merge: true });
    const changes = { map: { x: 3, 'z z': {} }, gone: deleteField(), list: [2] };
    await firestore.set(at, changes, { merge: true });
    expect((await firestore.get(at))?.data).toEqual({
      'a.b': 1,
      map: { x: 3, y: 2, 'z z': {} },
      list: [2],
    });
  });

  it.each(['set', 'merge', 'update'] as const)('applies transforms with %s', async (how) => {
    const { firestore, increment, serverTimestamp, arrayUnion, arrayRemove } = await open();
    const at = `${NOTES}/transformed-${how}`;
    await firestore.set(at, { n: 1, half: 0.5, tags: ['a', 'b'], old: ['a', 'b', 'a'], keep: 1 });
    const changes = {
      n: increment(2),
      half: increment(0.25),
      tags: arrayUnion('b', 'c'),
      old: arrayRemove('a'),
      deep: { at: serverTimestamp(), other: 1 },
    };
    if (how === 'update') await firestore.update(at, changes);
    else await firestore.set(at, changes, { merge: how === 'merge' });
    const { deep, ...data } = (await firestore.get(at))?.data ?? {};
    expect(data).toEqual(
      how === 'set'
        ? { n: 2, half: 0.25, tags: ['b', 'c'], old: [] }
        : { n: 3, half: 0.75, tags: ['a', 'b', 'c'], old: ['b'], keep: 1 },
    );
    const { at: written, other } = deep as { readonly at: Date; readonly other: number };
    expect(other).toBe(1);
    expect(Math.abs(Number(written) - Date.now())).toBeLessThan(60_000);
  });

  it('writes back what it has read, including vectors and texts that look like dates', async () => {
    const { firestore, vector, isoText } = await open();
    const data = { v: vector([1, -2.5, 0]), text: isoText('2026-01-02T03:04:05.678Z') };
    await firestore.set(`${NOTES}/read`, { ...data, at: new Date(), list: [{ a: data.v }] });
    const read = await firestore.get(`${NOTES}/read`);
    if (!read) throw new Error('It was just written.');
    expect(plain(read.data['v'])).toEqual({ values: [1, -2.5, 0] });
    await firestore.set(`${NOTES}/written`, read.data);
    expect(plain((await firestore.get(`${NOTES}/written`))?.data)).toEqual(plain(read.data));
  });

  it('writes a batch together or not at all', async () => {
    const { firestore, increment } = await open();
    const at = (id: string) => `users/tiki:1001/batch/${id}`;
    await firestore.set(at('gone'), {});
    await firestore
      .batch()
      .set(at('a'), { n: 1 })
      .update(at('a'), { n: increment(1) })
      .delete(at('gone'))
      .commit();
    expect((await firestore.get(at('a')))?.data).toEqual({ n: 2 });
    expect(await firestore.get(at('gone'))).toBeNull();
    const failing = firestore.batch().set(at('b'), {}).update(at('absent'), { n: 1 });
    expect((await failureOf(failing.commit())).code).toBe('not-found');
    expect(await firestore.get(at('b'))).toBeNull();
    await firestore.batch().commit();
  });

  it('runs transactions, again when somebody else writes in between', async () => {
    const { firestore, app } = await open();
    const { runTransaction } = app.transaction;
    const counter = `${NOTES}/counter`;
    const other = `${NOTES}/other`;
    await firestore.set(counter, { n: 0 });
    await firestore.set(other, {});
    let runs = 0;
    const result = await runTransaction(firestore, async (transaction) => {
      runs += 1;
      const read = await transaction.get<{ n: number }>(counter);
      await transaction.get(other);
      if (runs === 1) await firestore.set(counter, { n: 10 });
      const n = (read?.data.n ?? 0) + 1;
      transaction.update(counter, { n }).update(counter, { twice: true });
      transaction.set(`${NOTES}/of-${String(n)}`, {});
      return n;
    });
    expect([result, runs]).toEqual([11, 2]);
    expect((await firestore.get(counter))?.data).toEqual({ n: 11, twice: true });
    expect(await firestore.get(`${NOTES}/of-1`)).toBeNull();
  });

  it('refuses a transaction whose read document has changed, even if it is not written', async () => {
    const { firestore, app } = await open();
    const { runTransaction } = app.transaction;
    const read = `${NOTES}/only-read`;
    await firestore.set(read, { n: 0 });
    let runs = 0;
    await runTransaction(firestore, async (transaction) => {
      await transaction.get(read);
      runs += 1;
      if (runs === 1) await firestore.set(read, { n: 1 });
      transaction.set(`${NOTES}/written-if-same`, { runs });
    });
    expect((await firestore.get(`${NOTES}/written-if-same`))?.data).toEqual({ runs: 2 });
  });

  it('creates in a transaction only what is missing', async () => {
    const { firestore, app } = await open();
    const { runTransaction } = app.transaction;
    const at = `${NOTES}/claimed`;
    const claim = (by: number) =>
      runTransaction(firestore, async (transaction) => {
        if (await transaction.get(at)) return false;
        transaction.set(at, { by });
        return true;
      });
    const claims = await Promise.all([1, 2, 3].map(claim));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await failureOf(
      runTransaction(firestore, async (transaction) => {
        await transaction.get(`${NOTES}/absent`);
        transaction.update(`${NOTES}/absent`, { a: 1 });
      }),
    ).then(({ code }) => {
      expect(code).toBe('not-found');
    });
  });

  describe('with a chat that both may use', () => {
    const RULES = `
      match /rooms/{room}/{path=**} { allow read, write: if request.auth != null; }
      match /{parents=**}/messages/{id} { allow read: if request.auth != null; }
      match /rooms/{room} { allow read, write: if request.auth != null; }`;
    const projectRules = readFileSync(path.join(PROJECT_ROOT, 'firestore.rules'), 'utf8');

    async function putRules(content: string): Promise<void> {
      const { firestoreHost = '', projectId } = live.bridge();
      const url = `http://${firestoreHost}/emulator/v1/projects/${projectId}:securityRules`;
      const body = JSON.stringify({ rules: { files: [{ content }] } });
      const answer = await fetch(url, { method: 'PUT', body });
      expect(answer.status).toBe(200);
    }
    beforeAll(() => putRules(projectRules.replace(/\}\s*\}\s*$/, `${RULES}\n}}`)));
    afterAll(() => putRules(projectRules));

    async function openAs(customer: typeof AN) {
      const phone = live.phone();
      phone.customer = customer;
      const app = live.open(phone);
      await app.firebase.signIn();
      return { ...app.firestoreClient, firestore: app.firebase.firestore(), app };
    }

    it('filters with or and and, and between cursors', async () => {
      const { firestore, or, and, app } = await openAs(AN);
      const { count, sum, average } = app.aggregate;
      const collection = 'rooms/cursors/messages';
      for (const n of [1, 2, 3, 4, 5])
        await firestore.set(`${collection}/m${n}`, { n, half: n / 2 });
      const ids = async (query: Parameters<typeof firestore.query>[1]) =>
        (await firestore.query(collection, query)).map(({ id }) => id).join(' ');
      const where = [or(['n', '==', 1], and(['n', '>', 3], ['half', '<', 2.5]))];
      expect(await ids({ where })).toBe('m1 m4');
      const orderBy = [['n']] as const;
      expect(await ids({ orderBy, startAt: [2], endAt: [4] })).toBe('m2 m3 m4');
      expect(await ids({ orderBy, startAfter: [2], endBefore: [4] })).toBe('m3');
      const [, second, , fourth] = await firestore.query(collection, { orderBy });
      if (!second || !fourth) throw new Error('five documents were written');
      expect(await ids({ orderBy, startAt: second, endAt: fourth })).toBe('m2 m3 m4');
      expect(await ids({ orderBy, startAfter: second, endBefore: fourth })).toBe('m3');

      expect(await count(firestore, collection)).toBe(5);
      expect(await count(firestore, collection, { where: [['n', '>', 3]] })).toBe(2);
      expect(await sum(firestore, collection, 'n')).toBe(15);
      expect(await average(firestore, collection, 'half')).toBe(1.5);
      expect(await average(firestore, collection, 'absent')).toBeNull();
      expect(await sum(firestore, 'rooms/none/messages', 'n')).toBe(0);
    });

    it('queries a collection group where the rules allow it', async () => {
      const { firestore, collectionGroup, app } = await openAs(AN);
      const where = [['of', '==', 'group']] as const;
      await firestore.set('rooms/one/messages/m1', { of: 'group' });
      await firestore.set('rooms/two/messages/m2', { of: 'group' });
      const found = await firestore.query(collectionGroup('messages'), { where });
      expect(found.map(({ path: at }) => at)).toEqual([
        'rooms/one/messages/m1',
        'rooms/two/messages/m2',
      ]);
      expect(await app.aggregate.count(firestore, collectionGroup('messages'), { where })).toBe(2);
      const denied = failureOf(firestore.query(collectionGroup('notes')));
      expect((await denied).code).toBe('permission-denied');
    });

    it('counts right and shows both, 100 times of 100', async () => {
      const an = await openAs(AN);
      const binh = await openAs(BINH);
      const { onSnapshot } = an.app.listen;

      async function chat(room: string) {
        const messages = `${room}/messages`;
        await an.firestore.set(room, { messages: 0 });
        const seen = new Promise<QuerySnapshot>((resolve) => {
          const query = { collection: messages, orderBy: [['at']] as const };
          const stop = onSnapshot(an.firestore, query, (snapshot) => {
            if (snapshot.documents.length < 2) return;
            stop();
            resolve(snapshot);
          });
        });
        const say = async ({ firestore, serverTimestamp, increment }: typeof an, text: string) => {
          await Promise.all([
            firestore.add(messages, { text, at: serverTimestamp() }),
            firestore.update(room, { messages: increment(1) }),
          ]);
        };
        await Promise.all([say(an, 'Chào bạn'), say(binh, 'Chào An')]);
        // An's listener polls after An's own writes.
        await an.firestore.update(room, { closed: true });
        const texts = (await seen).documents.map(({ data }) => data['text']);
        const { data } = (await an.firestore.get(room)) ?? {};
        return { texts: texts.sort(), messages: data?.['messages'] as FirestoreValue };
      }

      for (let round = 0; round < 10; round += 1) {
        const rooms = Array.from({ length: 10 }, (_, index) => `rooms/chat-${round}-${index}`);
        for (const result of await Promise.all(rooms.map(chat))) {
          expect(result).toEqual({ texts: ['Chào An', 'Chào bạn'], messages: 2 });
        }
      }
    });
  });
});
