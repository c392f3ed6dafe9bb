import {
  API_KEY,
  DOCUMENTS,
  ID_TOKEN,
  PROJECT,
  startTestGateway,
  UPSTREAM_DOCUMENTS,
  type TestGateway,
} from './support/gateway';
import { sendRaw, sendTarget } from './support/raw';
import { ANSWER } from './support/upstream';

describe('the gateway', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  it.each([
    [
      '/identitytoolkit/v1/accounts:signInWithCustomToken',
      { token: 'a.b.c', returnSecureToken: true },
      '/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken',
    ],
    [
      '/identitytoolkit/v1/accounts:lookup',
      { idToken: 'a.b.c' },
      '/identitytoolkit.googleapis.com/v1/accounts:lookup',
    ],
    [
      '/securetoken/v1/token',
      { grant_type: 'refresh_token', refresh_token: 'a' },
      '/securetoken.googleapis.com/v1/token',
    ],
  ])('passes %s on and adds the API key', async (path, body, target) => {
    const response = await gateway.post(path, body);
    expect([response.status, await response.text()]).toEqual([200, ANSWER]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const [sent, ...more] = gateway.auth.seen;
    expect([sent?.method, sent?.target, sent?.body]).toEqual([
      'POST',
      `${target}?key=${API_KEY}`,
      JSON.stringify(body),
    ]);
    expect([more, gateway.firestore.seen]).toEqual([[], []]);
  });

  it.each([
    ['GET', '/users/tiki%3A42'],
    ['GET', '/users/7?mask.fieldPaths=a&mask.fieldPaths=b.c&key=any'],
    ['GET', '/users/7/notes?pageSize=20&pageToken=a%2Bb%3D&orderBy=at%20desc&showMissing=true'],
    ['GET', '/users/7?transaction=a%2Fb%3D&readTime=2026-11-22T00%3A00%3A00Z'],
    ['PATCH', '/users/7?updateMask.fieldPaths=a&updateMask.fieldPaths=%60t%C3%AAn%60'],
    ['PATCH', '/users/7?currentDocument.exists=true'],
    ['DELETE', '/users/7?currentDocument.updateTime=2026-11-22T00%3A00%3A00.000001Z'],
    ['POST', '/users?documentId=7'],
    ['POST', '/users/7/notes'],
    ['POST', ':runQuery'],
    ['POST', '/users/7:runQuery'],
    ['POST', ':runAggregationQuery'],
    ['POST', '/users/tiki%3A42:runAggregationQuery'],
    ['POST', ':batchGet'],
    ['POST', ':commit'],
    ['POST', ':beginTransaction'],
    ['POST', ':rollback'],
  ])('passes %s documents%s on with the ID token', async (method, below) => {
    const body = method === 'POST' || method === 'PATCH' ? '{"tên":"Nguyễn"}' : null;
    const response = await gateway.fetch(DOCUMENTS + below, {
      method,
      body,
      headers: {
        Authorization: `Bearer ${ID_TOKEN}`,
        ...(body !== null && { 'Content-Type': 'application/json' }),
      },
    });
    expect([response.status, await response.text()]).toEqual([200, ANSWER]);
    const [sent, ...more] = gateway.firestore.seen;
    expect([sent?.method, sent?.target, sent?.body, sent?.headers.authorization]).toEqual([
      method,
      UPSTREAM_DOCUMENTS + below.replace('&key=any', ''),
      body ?? '',
      `Bearer ${ID_TOKEN}`,
    ]);
    expect([more, gateway.auth.seen]).toEqual([[], []]);
  });

  it('serves a domain-scoped project id, as in old projects', async () => {
    const own = await startTestGateway({ env: { GCLOUD_PROJECT: 'example.com:my-project' } });
    const documents = DOCUMENTS.replace(PROJECT, 'example.com:my-project');
    const answers = [
      await own.fetch(`${documents}/users/7`),
      await own.post(`${documents}:commit`, {}),
      // As Firebase's SDK writes it.
      await own.post(`${documents.replace('com:my', 'com%3Amy')}:commit`, {}),
    ];
    await own.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(own.firestore.seen.map(({ target }) => target)).toEqual(
      ['/users/7', ':commit', ':commit'].map(
        (below) => documents.replace('/firestore', '') + below,
      ),
    );
  });

  it.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'TEXT/PLAIN ; Charset="utf-8"; charset=utf-8',
    'Application/JSON;',
    'application/json ;charset=utf-8',
  ])('passes a body that is declared as %j on to Firestore as JSON', async (type) => {
    for (const [method, path] of [
      ['POST', ':commit'],
      ['PATCH', '/users/7'],
    ] as const) {
      const headers = { 'Content-Type': type };
      const { status } = await gateway.fetch(DOCUMENTS + path, { method, body: '{}', headers });
      expect(status).toBe(200);
    }
    expect(gateway.firestore.seen.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/json',
    ]);
  });

  it.each([
    ['grant_type=refresh_token&refresh_token=a', 'grant_type=refresh_token&refresh_token=a'],
    ['refresh_token=a+b%2f%3D&grant_type=x', 'refresh_token=a%20b%2F%3D&grant_type=x'],
    ['grant_type=refresh_token', 'grant_type=refresh_token'],
  ])('passes the form %j on to refresh a token', async (body, sent) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    const { status } = await gateway.fetch('/securetoken/v1/token', {
      method: 'POST',
      body,
      headers,
    });
    expect(status).toBe(200);
    const [refresh] = gateway.auth.seen;
    expect([refresh?.headers['content-type'], refresh?.body]).toEqual([
      'application/x-www-form-urlencoded',
      sent,
    ]);
  });

  it('reads a plus in a query as a space, like in forms', async () => {
    await gateway.fetch(`${DOCUMENTS}/users?orderBy=at+desc`);
    expect(gateway.firestore.seen[0]?.target).toBe(`${UPSTREAM_DOCUMENTS}/users?orderBy=at%20desc`);
  });

  it('calls Firestore without a token if there is none, since rules may allow it', async () => {
    expect((await gateway.fetch(`${DOCUMENTS}/public/1`)).status).toBe(200);
    expect(gateway.firestore.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each(['Content-Length: 0\r\n', ''])(
    'sends an empty body if there is none: %j',
    async (length) => {
      const { status } = await sendRaw(
        gateway.origin,
        `POST ${DOCUMENTS}:beginTransaction HTTP/1.1\r\nHost: a\r\n${length}` +
          'Content-Type: application/json\r\nConnection: close\r\n\r\n',
      );
      expect(status).toBe(200);
      expect(gateway.firestore.seen[0]?.headers['content-length']).toBe('0');
    },
  );

  it('forwards a valid App Check token only', async () => {
    for (const token of [ID_TOKEN, 'debug-token', 'a.b.']) {
      const headers = { 'X-Firebase-AppCheck': token };
      await gateway.post(`${DOCUMENTS}:commit`, {}, headers);
      await gateway.post('/securetoken/v1/token', {}, headers);
    }
    for (const { seen } of [gateway.firestore, gateway.auth]) {
      expect(seen.map(({ headers }) => headers['x-firebase-appcheck'])).toEqual([
        ID_TOKEN,
        undefined,
        undefined,
      ]);
    }
  });

  it.each([
    [400, '{"error":{"code":400,"message":"INVALID_CUSTOM_TOKEN"}}'],
    [403, '[{"error":{"code":403,"status":"PERMISSION_DENIED"}}]'],
    [404, '{"error":{"code":404,"status":"NOT_FOUND"}}'],
    [409, '{"error":{"code":409,"status":"ABORTED"}}'],
    [500, '{"error":{"code":500,"status":"INTERNAL"}}'],
  ])("passes Google's own status %d on with its body", async (status, body) => {
    gateway.firestore.answer((response) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body),
    );
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`);
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  it('forwards Retry-After, and WWW-Authenticate with a 401', async () => {
    gateway.firestore.answer((response) =>
      response
        .writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': '30' })
        .end('{}'),
    );
    const limited = await gateway.fetch(`${DOCUMENTS}/users/7`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '30']);
    gateway.firestore.answer((response) => response.writeHead(401).end('{}'));
    const refused = await gateway.fetch(`${DOCUMENTS}/users/7`);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="tiki-firebase-bridge"',
    ]);
  });

  it('streams a response', async () => {
    let finish: () => void = () => undefined;
    gateway.firestore.answer((response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('[1');
      finish = () => response.end(']');
    });
    const response = await gateway.post(`${DOCUMENTS}:runQuery`, {});
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('[1');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(']');
  });

  it('answers HEAD like GET, without the body, and reads that to its end', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    gateway.firestore.answer((response) =>
      response.writeHead(404, { 'Content-Type': 'application/json', 'Retry-After': '3' }).end(long),
    );
    const { status, text } = await sendTarget(gateway.origin, `${DOCUMENTS}/users/7`, 'HEAD');
    expect(status).toBe(404);
    expect(text).toMatch(/^content-type: application\/json\r?$/im);
    expect(text).toMatch(/^retry-after: 3\r?$/im);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
    expect(gateway.firestore.seen.map(({ method }) => method)).toEqual(['GET']);
    expect(gateway.entries).toMatchObject([{ route: 'firestore.get', outcome: 'ok', status: 404 }]);
  });

  it('logs one entry with the method, without ids, tokens or keys', async () => {
    const entry = gateway.nextEntry();
    await gateway.fetch(`${DOCUMENTS}/users/tiki%3AsecretId?mask.fieldPaths=secretField`, {
      headers: { Authorization: `Bearer ${ID_TOKEN}`, 'X-Request-Id': 'callers-own-id' },
    });
    expect(await entry).toEqual({
      severity: 'INFO',
      message: 'firestore.get: ok',
      route: 'firestore.get',
      outcome: 'ok',
      status: 200,
      requestId: 'callers-own-id',
      ms: { total: expect.any(Number) as number },
    });
    for (const path of [
      '/securetoken/v1/token',
      '/tiki:secretId/x',
      `${DOCUMENTS}/tiki:secretId/a%2Fb`,
      `${DOCUMENTS}:commit?tiki:secretId`,
      DOCUMENTS.replace(PROJECT, 'tiki:secretId'),
    ]) {
      await gateway.post(path, { refresh_token: ID_TOKEN });
    }
    const logged = gateway.entries.map((each) => [each['route'], each['outcome']] as unknown[]);
    expect(logged).toEqual([
      ['firestore.get', 'ok'],
      ['securetoken.token', 'ok'],
      ['unknown', 'not-found'],
      ['unknown', 'invalid-request'],
      ['firestore.commit', 'invalid-request'],
      ['unknown', 'not-found'],
    ]);
    expect(JSON.stringify(gateway.entries)).not.toMatch(/tiki|secret|canary|eyJ/);
  });
});
