import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { liveForTests, publishThree } from '@tiki-bridge/testing/tini-runtime/live';
import { AN } from '@tiki-bridge/testing/tini-runtime/setup';

const DOCUMENTS = '/firestore/v1/projects/demo-tiki-bridge/databases/(default)/documents';
const NAME = DOCUMENTS.replace('/firestore/v1/', '');

type Fields = Readonly<Record<string, unknown>>;

describeWithFirestore('the gateway behind Hosting, before the real emulators', () => {
  const live = liveForTests();
  let idToken: string;
  let refreshToken: string;

  async function ask(method: string, path: string, body?: unknown, token?: string) {
    const response = await fetch(live.bridge().hostingOrigin + path, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Fields };
  }

  beforeAll(async () => {
    const { authCode } = live.bridge().simulator.issueAuthCode({ customerId: AN.id });
    const { body } = await ask('POST', '/auth_exchange', { code: authCode });
    const signedIn = await ask('POST', '/identitytoolkit/v1/accounts:signInWithCustomToken', {
      token: body['customToken'],
      returnSecureToken: true,
    });
    expect(signedIn.status).toBe(200);
    idToken = String(signedIn.body['idToken']);
    refreshToken = String(signedIn.body['refreshToken']);
  });

  it('looks the user up and refreshes the token with JSON', async () => {
    const lookup = await ask('POST', '/identitytoolkit/v1/accounts:lookup', { idToken });
    expect(lookup.body).toMatchObject({ users: [{ localId: 'tiki:1001' }] });
    const refreshed = await ask('POST', '/securetoken/v1/token', {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    expect([refreshed.status, refreshed.body['user_id']]).toEqual([200, 'tiki:1001']);
  });

  it("refreshes the token with a form and writes text, as Firebase's SDK does", async () => {
    const send = (path: string, type: string, body: string, token?: string) =>
      fetch(live.bridge().hostingOrigin + path, {
        method: 'POST',
        headers: {
          'Content-Type': type,
          ...(token !== undefined && { Authorization: `bearer ${token}` }),
        },
        body,
      });
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const type = 'application/x-www-form-urlencoded';
    const refreshed = await send('/securetoken/v1/token', type, form.toString());
    const { user_id: uid, id_token: token } = (await refreshed.json()) as Fields;
    expect([refreshed.status, uid]).toEqual([200, 'tiki:1001']);
    const name = `${NAME}/users/tiki:1001/notes/văn bản`;
    const commit = JSON.stringify({ writes: [{ update: { name, fields: {} } }] });
    const written = await send(`${DOCUMENTS}:commit`, 'text/plain', commit, String(token));
    expect(await written.json()).toMatchObject({ writeResults: [{}] });
  });

  it.each(['100%', 'a\\b'])('lists and queries below a document whose id is %j', async (id) => {
    const parent = `/users/tiki%3A1001/things/${encodeURIComponent(id)}`;
    const name = `${NAME}/users/tiki:1001/things/${id}/parts/1`;
    const commit = { writes: [{ update: { name, fields: {} } }] };
    expect((await ask('POST', `${DOCUMENTS}:commit`, commit, idToken)).status).toBe(200);
    const listed = await ask('GET', `${DOCUMENTS}${parent}/parts`, undefined, idToken);
    expect(listed.body).toMatchObject({ documents: [{ name }] });
  });

  it("forwards Firebase Auth's errors", async () => {
    const refused = await ask('POST', '/identitytoolkit/v1/accounts:signInWithCustomToken', {
      token: 'none',
    });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      error: { message: expect.stringContaining('INVALID_CUSTOM_TOKEN') as string },
    });
  });

  it.each([
    'plain',
    'Nguyễn Văn An',
    'a:b',
    'a@b.c',
    'a b',
    "it's (1)!*~",
    'a;b,c=d&e$f+g',
    '…',
    '100%',
    'https%3A%2F%2Fa.example%2F',
    '%41',
    'a\\b',
    'tab\there',
    '\u007f',
  ])('serves a document whose id is %j', async (id) => {
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
  });

  it('accepts a colon that the client did not encode', async () => {
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
    await live.setClaims(AN, { premiumAccount: true, premiumUntil: Date.now() + 3_600_000 });
    // Not under users/tiki:1001: the emulator reads the first colon of a path as the start of a method
    // name, and returns 400 for a query there.
    await publishThree(live, 'premiumContent');
    await publishThree(live, 'premiumContent/book/pages');
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const { body } = await ask('POST', '/securetoken/v1/token', refresh);
    const premiumToken = String(body['id_token']);
    for (const [below, collectionId] of [
      ['', 'premiumContent'],
      ['/premiumContent/book', 'pages'],
    ] as const) {
      // Filters by the field, because the demo page has its own document there.
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

  it("leaves the rules to Firestore: no token, and another user's document", async () => {
    for (const [path, token] of [
      ['/users/tiki%3A1001', undefined],
      ['/users/tiki%3A1002', idToken],
    ] as const) {
      const refused = await ask('GET', DOCUMENTS + path, undefined, token);
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ error: { status: 'PERMISSION_DENIED' } });
    }
  });

  it.each(['Bearer owner', 'Bearer a'])('does not bypass the rules with %s', async (given) => {
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

  it('logs no id, token or query', () => {
    expect(live.bridge().logs()).toContain('firestore.get: ok');
    expect(live.bridge().logs()).not.toContain(idToken);
    expect(live.bridge().logs()).not.toContain(refreshToken);
  });
});
