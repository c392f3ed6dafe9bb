import { type RunningBridge, startBridge } from '../emulators/bridge';
import { BEHAVIOURS, type RequestBehaviour } from '../tini-runtime/behaviour';
import { createPhone, type Phone } from '../tini-runtime/phone';
import { loopbackTransport } from '../tini-runtime/transport';
import { AN, BINH, buildSdk, DOMAIN, openProgram, type SdkBuild } from './firebase-sdk';

/** Emulators and functions have to start, ms. */
const START_MS = 150_000;
const DOCUMENTS = '/firestore/v1/projects/demo-tiki-bridge/databases/(default)/documents';
const NAME = DOCUMENTS.replace('/firestore/v1/', '');

type Fields = Readonly<Record<string, unknown>>;

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({ ports: 'free', firestore: true });
}, START_MS);
afterAll(() => bridge.stop(), START_MS);

async function ask(method: string, path: string, body?: unknown, token?: string) {
  const response = await fetch(bridge.hostingOrigin + path, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Fields };
}

/**
 * Makes An premium and gives them something to query. Not below users/tiki:1001: the emulator takes
 * the first colon of a path for the beginning of a method's name, and answers 400 to a query there.
 */
async function publishPremiumContent(): Promise<void> {
  const owner = { 'Content-Type': 'application/json', Authorization: 'Bearer owner' };
  const premium = { premiumAccount: true, premiumUntil: Date.now() + 3_600_000 };
  const updated = await fetch(
    `${bridge.authEmulatorOrigin}/identitytoolkit.googleapis.com/v1/projects/demo-tiki-bridge/accounts:update`,
    {
      method: 'POST',
      headers: owner,
      body: JSON.stringify({
        localId: `tiki:${AN.id}`,
        customAttributes: JSON.stringify(premium),
      }),
    },
  );
  expect(updated.status).toBe(200);
  for (const [id, at] of [
    ['một', 1],
    ['hai', 2],
    ['ba', 3],
  ] as const) {
    for (const parent of ['premiumContent', 'premiumContent/book/pages']) {
      const path = `/v1/${NAME}/${parent}/${encodeURIComponent(id)}`;
      const written = await fetch(`http://${String(bridge.firestoreHost)}${path}`, {
        method: 'PATCH',
        headers: owner,
        body: JSON.stringify({ fields: { at: { integerValue: String(at) } } }),
      });
      expect(written.status).toBe(200);
    }
  }
}

describe('the gateway behind Hosting, before the real emulators', () => {
  let idToken: string;
  let refreshToken: string;

  beforeAll(async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: AN.id });
    const { body } = await ask('POST', '/auth_exchange', { code: authCode });
    const signedIn = await ask('POST', '/identitytoolkit/v1/accounts:signInWithCustomToken', {
      token: body['customToken'],
      returnSecureToken: true,
    });
    expect(signedIn.status).toBe(200);
    idToken = String(signedIn.body['idToken']);
    refreshToken = String(signedIn.body['refreshToken']);
  }, START_MS);

  it('looks the user up and refreshes the token with JSON', async () => {
    const lookup = await ask('POST', '/identitytoolkit/v1/accounts:lookup', { idToken });
    expect(lookup.body).toMatchObject({ users: [{ localId: 'tiki:1001' }] });
    const refreshed = await ask('POST', '/securetoken/v1/token', {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    expect([refreshed.status, refreshed.body['user_id']]).toEqual([200, 'tiki:1001']);
  });

  it("passes Firebase Auth's own errors on", async () => {
    const refused = await ask('POST', '/identitytoolkit/v1/accounts:signInWithCustomToken', {
      token: 'none',
    });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      error: { message: expect.stringContaining('INVALID_CUSTOM_TOKEN') as string },
    });
  });

  it.each(['plain', 'Nguyễn Văn An', 'a:b', 'a@b.c', 'a b', "it's (1)!*~", 'a;b,c=d&e$f+g', '…'])(
    'serves a document whose id is %j',
    async (id) => {
      const path = `/users/tiki%3A1001/things/${encodeURIComponent(id)}`;
      const fields = { text: { stringValue: id } };
      const written = await ask('PATCH', DOCUMENTS + path, { fields }, idToken);
      expect([written.status, written.body['name']]).toEqual([
        200,
        `${NAME}/users/tiki:1001/things/${id}`,
      ]);
      const read = await ask('GET', DOCUMENTS + path, undefined, idToken);
      expect([read.status, read.body['fields']]).toEqual([200, fields]);
      const removed = await ask('DELETE', DOCUMENTS + path, undefined, idToken);
      expect(removed.status).toBe(200);
      expect((await ask('GET', DOCUMENTS + path, undefined, idToken)).status).toBe(404);
    },
  );

  it('takes a colon that the client did not encode', async () => {
    const path = `${DOCUMENTS}/users/tiki:1001`;
    const written = await ask('PATCH', path, { fields: {} }, idToken);
    expect([written.status, written.body['name']]).toEqual([200, `${NAME}/users/tiki:1001`]);
  });

  it('creates, lists, commits and gets many', async () => {
    const notes = `${DOCUMENTS}/users/tiki%3A1001/notes`;
    const note = (text: string) => ({ fields: { text: { stringValue: text } } });
    const created = await ask('POST', `${notes}?documentId=first`, note('một'), idToken);
    expect(created.status).toBe(200);
    const name = String(created.body['name']).replace('first', 'second');
    const commit = { writes: [{ update: { name, ...note('hai') } }] };
    expect((await ask('POST', `${DOCUMENTS}:commit`, commit, idToken)).status).toBe(200);
    const query = 'pageSize=5&orderBy=text&mask.fieldPaths=text';
    const listed = await ask('GET', `${notes}?${query}`, undefined, idToken);
    expect(listed.body['documents']).toHaveLength(2);
    const got = await ask('POST', `${DOCUMENTS}:batchGet`, { documents: [name] }, idToken);
    expect(got.body).toMatchObject([{ found: { name } }]);
  });

  it('queries and counts, with the claims of a refreshed token', async () => {
    await publishPremiumContent();
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const { body } = await ask('POST', '/securetoken/v1/token', refresh);
    const premiumToken = String(body['id_token']);
    for (const [below, collectionId] of [
      ['', 'premiumContent'],
      ['/premiumContent/book', 'pages'],
    ] as const) {
      // Those with the field: the demo page has a document of its own there.
      const structuredQuery = {
        from: [{ collectionId }],
        orderBy: [{ field: { fieldPath: 'at' } }],
      };
      const queried = await ask(
        'POST',
        `${DOCUMENTS}${below}:runQuery`,
        { structuredQuery },
        premiumToken,
      );
      expect([queried.status, queried.body]).toMatchObject([200, { length: 3 }]);
      const counting = { structuredQuery, aggregations: [{ alias: 'n', count: {} }] };
      const counted = await ask(
        'POST',
        `${DOCUMENTS}${below}:runAggregationQuery`,
        { structuredAggregationQuery: counting },
        premiumToken,
      );
      expect(counted.body).toMatchObject([
        { result: { aggregateFields: { n: { integerValue: '3' } } } },
      ]);
    }
  });

  it('begins a transaction, reads in it and rolls it back', async () => {
    const begun = await ask('POST', `${DOCUMENTS}:beginTransaction`, {}, idToken);
    const transaction = String(begun.body['transaction']);
    const read = { transaction, documents: [`${NAME}/users/tiki:1001`] };
    const got = await ask('POST', `${DOCUMENTS}:batchGet`, read, idToken);
    const rolledBack = await ask('POST', `${DOCUMENTS}:rollback`, { transaction }, idToken);
    expect([begun.status, got.status, rolledBack.status]).toEqual([200, 200, 200]);
  });

  it("leaves the rules to Firestore: no token, and somebody else's document", async () => {
    for (const [path, token] of [
      ['/users/tiki%3A1001', undefined],
      ['/users/tiki%3A1002', idToken],
    ] as const) {
      const refused = await ask('GET', DOCUMENTS + path, undefined, token);
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ error: { status: 'PERMISSION_DENIED' } });
    }
  });

  it.each(['Bearer owner', 'Bearer a'])('lets nobody past the rules with %s', async (given) => {
    const refused = await ask('GET', `${DOCUMENTS}/users/tiki%3A1002`, undefined, given.slice(7));
    expect([refused.status, refused.body['code']]).toEqual([401, 'unauthenticated']);
  });

  it.each([
    ['POST', '/identitytoolkit/v1/accounts:signUp', 404],
    ['POST', `${DOCUMENTS}:listCollectionIds`, 404],
    ['GET', DOCUMENTS.replace('demo-tiki-bridge', 'other') + '/users/1', 404],
    ['GET', `${DOCUMENTS}/users/a%2Fb`, 400],
    ['GET', `${DOCUMENTS}/users/1?alt=media`, 400],
  ])('refuses %s %s', async (method, path, status) => {
    const refused = await ask(method, path, method === 'POST' ? {} : undefined, idToken);
    expect(refused.status).toBe(status);
  });

  it('writes no id, token or query into the log', () => {
    expect(bridge.logs()).toContain('firestore.get: ok');
    expect(bridge.logs()).not.toContain(idToken);
    expect(bridge.logs()).not.toContain(refreshToken);
  });
});

describe('the official SDK in the Tini runtime, over the gateway', () => {
  let build: SdkBuild;
  let phone: Phone;
  const phoneOf = (behaviour?: RequestBehaviour): Phone =>
    createPhone({
      domains: [DOMAIN],
      transport: loopbackTransport(DOMAIN, bridge.hostingOrigin),
      issueAuthCode: ({ id, name }, scopes) =>
        bridge.simulator.issueAuthCode({ customerId: id, customerName: name, scopes: [...scopes] })
          .authCode,
      customer: AN,
      ...(behaviour && { behaviour }),
    });
  beforeAll(() => {
    build = buildSdk();
    phone = phoneOf();
  }, START_MS);
  afterAll(() => {
    build.remove();
  });

  const run = (program: string, on: Phone = phone) =>
    openProgram(
      build,
      'firebase-auth-firestore.js',
      on,
      `async () => {
        const db = sdk.getFirestore(app);
        const mine = (...path) => sdk.doc(db, 'users', auth.currentUser.uid, ...path);
        ${program}
      }`,
    ).run();

  it('logs in, refreshes by force, and is restored after a restart', async () => {
    expect(
      await run(`return (await sdk.getIdTokenResult(await login(), true)).claims;`),
    ).toMatchObject({ user_id: 'tiki:1001', provider: 'tiki', tikiCustomerId: '1001' });
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('writes and reads back every type of value', async () => {
    const value = await run(`
      await restored;
      const ref = mine('things', 'Mọi thứ: 100 @ một chỗ');
      const at = new sdk.Timestamp(1795305600, 123456000);
      const deep = [[1.5, true], { 'tên': ['a', { b: null }] }].map((inner) => ({ inner }));
      await sdk.setDoc(ref, {
        text: 'Xin chào, Nguyễn Văn An 👋', whole: 9007199254740991, real: -0.25, yes: true,
        nothing: null, at, bytes: sdk.Bytes.fromBase64String('AP+A/w=='),
        place: new sdk.GeoPoint(10.762622, 106.660172), reference: ref, deep,
        made: sdk.serverTimestamp(), count: sdk.increment(2),
      });
      const data = (await sdk.getDoc(ref)).data();
      return {
        ...data, at: data.at.isEqual(at), bytes: data.bytes.toBase64(),
        place: data.place.toJSON(), reference: data.reference.path,
        made: data.made.seconds > 1700000000,
      };
    `);
    expect(value).toMatchObject({
      text: 'Xin chào, Nguyễn Văn An 👋',
      whole: 9007199254740991,
      real: -0.25,
      yes: true,
      nothing: null,
      at: true,
      bytes: 'AP+A/w==',
      place: { latitude: 10.762622, longitude: 106.660172 },
      reference: 'users/tiki:1001/things/Mọi thứ: 100 @ một chỗ',
      deep: [{ inner: [1.5, true] }, { inner: { tên: ['a', { b: null }] } }],
      made: true,
      count: 2,
    });
  });

  it('writes in batches and in transactions', async () => {
    const value = await run(`
      await restored;
      const papers = sdk.collection(mine(), 'papers');
      const batch = sdk.writeBatch(db);
      ['a', 'b', 'c'].forEach((text, at) => batch.set(sdk.doc(papers, text), { text, at }));
      await batch.commit();
      await sdk.runTransaction(db, async (transaction) => {
        const ref = sdk.doc(papers, 'a');
        const { at } = (await transaction.get(ref)).data();
        transaction.update(ref, { at: at + 10 });
      });
      await sdk.deleteDoc(sdk.doc(papers, 'b'));
      const read = async (id) => (await sdk.getDoc(sdk.doc(papers, id))).data() || null;
      return [await read('a'), await read('b'), await read('c')];
    `);
    expect(value).toEqual([{ text: 'a', at: 10 }, null, { text: 'c', at: 2 }]);
  });

  it('queries and counts what premium opens', async () => {
    const value = await run(`
      const user = await restored;
      await sdk.getIdToken(user, true);
      const pages = sdk.collection(db, 'premiumContent', 'book', 'pages');
      const found = await sdk.getDocs(
        sdk.query(pages, sdk.where('at', '>=', 2), sdk.orderBy('at', 'desc'), sdk.limit(5)),
      );
      return { ids: found.docs.map(({ id }) => id), count: (await sdk.getCount(pages)).data().count };
    `);
    expect(value).toEqual({ ids: ['ba', 'hai'], count: 3 });
  });

  it("is told of the rules' refusal", async () => {
    expect(
      await run(`
        await restored;
        return await sdk.getDoc(sdk.doc(db, 'users', 'tiki:1002')).catch((error) => error.code);
      `),
    ).toBe('permission-denied');
  });

  it('is not restored for another Tiki user, who logs in as who they are', async () => {
    phone.customer = BINH;
    expect(await run('return [await restored, (await login()).uid];')).toEqual([null, 'tiki:1002']);
  });

  describe.each(Object.entries(BEHAVIOURS))('where my.request delivers %s', (_, behaviour) => {
    it('logs in, refreshes, goes on after a restart, and writes and reads in Firestore', async () => {
      const own = phoneOf(behaviour);
      expect(
        await run('return (await sdk.getIdTokenResult(await login(), true)).claims;', own),
      ).toMatchObject({
        user_id: 'tiki:1001',
      });
      const note = await run(
        `
          await restored;
          const ref = mine('notes', 'first');
          await sdk.setDoc(ref, { text: 'Chào buổi sáng' });
          await sdk.updateDoc(ref, { times: sdk.increment(1) });
          const data = (await sdk.getDoc(ref)).data();
          await sdk.deleteDoc(ref);
          return { ...data, left: (await sdk.getDoc(ref)).exists() };
        `,
        own,
      );
      expect(note).toMatchObject({ text: 'Chào buổi sáng', times: 1, left: false });
      expect(new Set(own.requests.map(({ url }) => new URL(url).origin))).toEqual(
        new Set([DOMAIN]),
      );
    });
  });

  it('has asked nothing but the one domain, all along', () => {
    expect(new Set(phone.requests.map(({ url }) => new URL(url).origin))).toEqual(
      new Set([DOMAIN]),
    );
    expect(phone.requests.length).toBeGreaterThan(10);
  });
});
