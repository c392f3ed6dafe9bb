import { DOCUMENTS, startTestGateway, type TestGateway } from '../../gateway/support/gateway';
import { ANSWER } from '../../gateway/support/upstream';

/** Attack: cookies of the developer's domain leak to the upstream, or the upstream sets some. */
describe('cookies and other headers', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it('are not forwarded with a request', async () => {
    const headers = { Cookie: '__session=canary; other=canary', Cookie2: 'canary' };
    await gateway.fetch(`${DOCUMENTS}/users/7`, { headers });
    await gateway.post('/identitytoolkit/v1/accounts:lookup', {}, headers);
    const sent = [...gateway.firestore.seen, ...gateway.auth.seen];
    expect(sent).toHaveLength(2);
    expect(JSON.stringify(sent)).not.toMatch(/canary;|__session|cookie/i);
  });

  it('are not forwarded with a response', async () => {
    gateway.firestore.answer((response) =>
      response
        .writeHead(200, {
          'Content-Type': 'application/json',
          'Set-Cookie': ['a=canary; Domain=example.com', 'b=canary'],
          'Cache-Control': 'public, max-age=canary',
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Credentials': 'true',
          'Content-Security-Policy': 'canary',
          'Content-Disposition': 'attachment; filename=canary',
          'Clear-Site-Data': '"*"',
          'Service-Worker-Allowed': '/canary',
          Refresh: '0; url=canary',
          Link: '<canary>; rel=preload',
          'X-Cascade': 'PASS',
          'X-Request-Id': 'canary-request-id',
          'Alt-Svc': 'h3=":443"; canary',
          Server: 'canary',
          'Retry-After': 'canary',
          'WWW-Authenticate': 'Basic realm="canary"',
        })
        .end(ANSWER),
    );
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`);
    const headers = Object.fromEntries(response.headers);
    expect(await response.text()).toBe(ANSWER);
    expect(JSON.stringify(headers)).not.toContain('canary');
    expect(Object.keys(headers).sort()).toEqual([
      'cache-control',
      'connection',
      'content-type',
      'date',
      'keep-alive',
      'transfer-encoding',
      'x-content-type-options',
      'x-request-id',
    ]);
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each([
    'text/html; charset=utf-8',
    'application/javascript',
    'image/svg+xml',
    'application/jsonp',
  ])('do not make a page of the domain out of an answer of type %s', async (type) => {
    const page = '<script>alert(document.domain)</script>';
    gateway.firestore.answer((response) =>
      response.writeHead(404, { 'Content-Type': type }).end(page),
    );
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`);
    expect([response.status, await response.text()]).toEqual([404, page]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
