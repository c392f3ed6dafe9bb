import {
  DOCUMENTS,
  ID_TOKEN,
  problemOf,
  startTestGateway,
  type TestGateway,
} from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';

/** Attack: the caller's headers change the request to Google or its identity. */
describe('header smuggling', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  const raw = (method: string, headers: readonly string[], body = '') =>
    sendRaw(
      gateway.origin,
      [
        `${method} ${DOCUMENTS}/users HTTP/1.1`,
        'Host: a',
        ...headers,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  const HIDDEN = 'DELETE /v1/hidden HTTP/1.1\r\nHost: a\r\n\r\n';

  it.each([
    [['Content-Length: 2', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
    [['Content-Length: 2', 'Content-Length: 60'], `{}${HIDDEN}`],
    [['Content-Length: +2'], `{}${HIDDEN}`],
    [['Content-Length : 2'], `{}${HIDDEN}`],
    [['Transfer-Encoding: chunked, identity'], `2\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    [['Transfer-Encoding: \u000bchunked'], `2\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    [['X: a\nTransfer-Encoding: chunked'], `2\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    [[' Content-Length: 2'], `{}${HIDDEN}`],
  ])('hides no second request behind the framing %j', async (framing, body) => {
    await raw('POST', ['Content-Type: application/json', ...framing], body);
    expect(gateway.firestore.seen.filter(({ target }) => target.includes('hidden'))).toEqual([]);
    for (const { headers } of gateway.firestore.seen) {
      expect(headers['transfer-encoding']).toBeUndefined();
    }
  });

  it('reframes a chunked body', async () => {
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const { status } = await raw(
      'POST',
      headers,
      '3\r\n{"a\r\n4\r\n":1}\r\n0\r\nX-Trailer: 1\r\n\r\n',
    );
    expect(status).toBe(200);
    const [sent] = gateway.firestore.seen;
    expect(sent?.body).toBe('{"a":1}');
    expect(sent?.headers['content-length']).toBe('7');
    expect(sent?.headers['transfer-encoding']).toBeUndefined();
  });

  it('sends five headers of its own, whatever it receives', async () => {
    await gateway.post(
      `${DOCUMENTS}/users`,
      {},
      {
        Authorization: `Bearer ${ID_TOKEN}`,
        'X-HTTP-Method-Override': 'DELETE',
        'X-HTTP-Method': 'DELETE',
        'X-Method-Override': 'DELETE',
        'X-Forwarded-For': '10.0.0.1',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        'X-Original-Url': '/v1/hidden',
        'X-Rewrite-Url': '/v1/hidden',
        Forwarded: 'host=evil.example',
        Via: '1.1 evil.example',
        'Proxy-Authorization': 'Basic YTph',
        'X-Goog-Api-Client': 'evil',
        'X-Goog-Iap-Jwt-Assertion': 'evil',
        'X-Serverless-Authorization': 'Bearer evil',
        'X-Firebase-AppCheck': 'evil',
        'X-Request-Id': 'callers-own-id',
        Range: 'bytes=0-1',
        'If-None-Match': '*',
        'User-Agent': 'evil',
        Origin: 'https://evil.example',
        Referer: 'https://evil.example',
      },
    );
    const { host } = gateway.firestore;
    expect(gateway.firestore.seen.map(({ headers }) => headers)).toEqual([
      {
        accept: 'application/json',
        'accept-encoding': 'identity',
        authorization: `Bearer ${ID_TOKEN}`,
        'content-type': 'application/json',
        'content-length': '2',
        host,
        connection: 'keep-alive',
      },
    ]);
  });

  it("sends the upstream's host name, whatever Host contains", async () => {
    await sendRaw(
      gateway.origin,
      `GET ${DOCUMENTS}/users HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    );
    expect(gateway.firestore.seen[0]?.headers.host).toBe(gateway.firestore.host);
  });

  it('does not drop the ID token because of Connection', async () => {
    await sendRaw(
      gateway.origin,
      `GET ${DOCUMENTS}/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ID_TOKEN}\r\n` +
        'Connection: close, authorization, x-custom\r\nX-Custom: 1\r\n\r\n',
    );
    const [sent] = gateway.firestore.seen;
    expect(sent?.headers.authorization).toBe(`Bearer ${ID_TOKEN}`);
    expect(sent?.headers['x-custom']).toBeUndefined();
  });

  it.each([
    `Bearer\t${ID_TOKEN}`,
    `Bearer${ID_TOKEN}`,
    `Bearer ${ID_TOKEN}, Bearer ${ID_TOKEN}`,
    `Bearer ${ID_TOKEN}.d`,
    'Bearer a.b.c',
    'Bearer ..',
    'Basic YTph',
    `Firebase ${ID_TOKEN}`,
    '',
    ID_TOKEN,
  ])('refuses the authorization %j', async (authorization) => {
    const response = await gateway.fetch(`${DOCUMENTS}/users`, {
      headers: { Authorization: authorization },
    });
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await problemOf(response)).toEqual([401, 'unauthenticated']);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it.each(['bearer ', 'BEARER ', 'Bearer   '])(
    'sends one spelling of the scheme on for %j',
    async (scheme) => {
      await gateway.fetch(`${DOCUMENTS}/users`, { headers: { Authorization: scheme + ID_TOKEN } });
      expect(gateway.firestore.seen[0]?.headers.authorization).toBe(`Bearer ${ID_TOKEN}`);
    },
  );

  it('sends no ID token to Firebase Auth, which has its own in the body', async () => {
    const headers = { Authorization: `Bearer ${ID_TOKEN}` };
    await gateway.post('/identitytoolkit/v1/accounts:lookup', {}, headers);
    await gateway.post('/securetoken/v1/token', {}, headers);
    expect(gateway.auth.seen.map((sent) => sent.headers.authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('forwards no line breaks', async () => {
    await raw('GET', [`Authorization: Bearer ${ID_TOKEN}\r\n X-Folded: 1`]);
    await raw('GET', [`Authorization: Bearer ${ID_TOKEN}\nX-Bare: 1`]);
    await raw('GET', [`Authorization: Bearer ${ID_TOKEN}\rX-Bare: 1`]);
    expect(JSON.stringify(gateway.firestore.seen)).not.toMatch(/X-Folded|X-Bare/i);
  });
});
