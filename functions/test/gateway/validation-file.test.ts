import { problemOf, startTestGateway, type TestGateway } from './support/gateway';

describe("Tini Console's validation file", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      env: { TIKI_VALIDATION_CODES: 'first-code:tiki=abc:1, second:Zm9v' },
    });
  });
  afterAll(() => gateway.close());

  it.each([
    ['first-code', 'tiki=abc:1'],
    ['second', 'Zm9v'],
  ])('of %s is served as it was configured', async (code, content) => {
    const response = await gateway.fetch(`/tiki-validation-code/${code}/auth.txt`);
    expect([response.status, await response.text()]).toEqual([200, content]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(gateway.entries.at(-1)).toMatchObject({ route: 'tiki-validation-code', status: 200 });
  });

  it.each(['/tiki-validation-code/second/auth.txt', '/tiki-validation-code/third/auth.txt'])(
    'can be looked at with HEAD: %s',
    async (path) => {
      const get = await gateway.fetch(path);
      const head = await gateway.fetch(path, { method: 'HEAD' });
      const told = ({ status, headers }: Response) => [
        status,
        ...['content-type', 'content-length', 'cache-control'].map((name) => headers.get(name)),
      ];
      expect(told(head)).toEqual(told(get));
      expect([await head.text(), (await get.text()).length]).toEqual([
        '',
        Number(head.headers.get('content-length')),
      ]);
    },
  );

  it.each([
    '/tiki-validation-code/third/auth.txt',
    '/tiki-validation-code/second/auth.txt/x',
    '/tiki-validation-code/second/AUTH.TXT',
    '/tiki-validation-code/second/',
    '/tiki-validation-code//auth.txt',
    '/tiki-validation-code/second%2Fauth.txt',
    '/x/tiki-validation-code/second/auth.txt',
    '/tiki-validation-code/constructor/auth.txt',
  ])('is not at %s', async (path) => {
    expect(await problemOf(await gateway.fetch(path))).toEqual([404, 'not-found']);
  });

  it('is read-only', async () => {
    const response = await gateway.post('/tiki-validation-code/second/auth.txt', {});
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await problemOf(response)).toEqual([405, 'method-not-allowed']);
  });
});
