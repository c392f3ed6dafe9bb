import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import type { Snapshot } from '../src/firestore/index';
import { liveForTests } from '@tiki-bridge/testing/tini-runtime/live';
import { AN, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';

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
    const uid = { stringValue: `tiki:${AN.id}` };
    for (const [id, total, note] of [
      ['o1', '10', { stringValue: 'x' }],
      ['o2', '20', { nullValue: null }],
      ['o3', '30', { doubleValue: 'NaN' }],
    ] as const) {
      await live.publish(`orders/${id}`, { uid, total: { integerValue: total }, note });
    }
    await live.publish('orders/o4', { uid: { stringValue: 'tiki:1002' } });
    const mine = ['uid', '==', 'tiki:1001'] as const;
    const ids = async (query: Parameters<typeof firestore.query>[1]) =>
      (await firestore.query('orders', query)).map(({ id }) => id);
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
    expect((await failureOf(firestore.query('orders'))).code).toBe('permission-denied');
  });

  it.each(['a document', 'values'])(
    'pages by server timestamps without gaps or repeats, starting after %s',
    async (by) => {
      const { firestore } = await open();
      const collection = 'orders';
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
});
