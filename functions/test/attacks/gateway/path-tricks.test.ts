import { DOCUMENTS, startTestGateway, type TestGateway } from '../../gateway/support/gateway';
import { sendTarget } from '../../gateway/support/raw';

const NUL = '\u0000';

/** Attack: the gateway checks one path, and a later parser reads another. */
describe('path tricks', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  const refused = [400, 404];

  it.each([
    // Parent folders.
    '/../../secret/x',
    '/users/..',
    '/users/../../x',
    '/users/.',
    '/users/%2e%2e',
    '/users/%2E%2e/x',
    '/users/.%2e',
    '/users/%2e',
    '/..%2f..%2fx',
    '/users/..%2F..%2F..',
    // Slashes in other forms, or too many.
    '//users/7',
    '/users//7',
    '/users/7/',
    '/',
    '/users/a%2Fb',
    '/users/a%2fb',
    '/users\\7',
    // Broken or overlong encodings.
    '/users/%',
    '/users/%2',
    '/users/%zz',
    '/users/%c0%af',
    '/users/%c0%ae%c0%ae',
    '/users/%ed%a0%80',
    // Characters with a special meaning for some parsers.
    '/users/7;/../x',
    '/users/7#fragment',
    '/users/{id}',
    '/users/7|x',
    '/users/<script>',
    '/users/"7"',
    '/users/[7]',
    '/users/`7`',
    '/users/^7',
    // Bytes outside ASCII.
    '/users/\u00e9',
    '/users/\u00c0\u00ae',
  ])('are refused: documents%s', async (below) => {
    const { status } = await sendTarget(gateway.origin, DOCUMENTS + below);
    expect(refused).toContain(status);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it.each([
    'http://evil.example/x',
    'http://evil.example',
    `http://evil.example/x/..${DOCUMENTS}/users/7`,
    `http://evil.example/${DOCUMENTS}/users/7`,
    `http://evil.example\\@x${DOCUMENTS.replace('/', '%2F')}/users/7`,
    `http://http://evil.example${DOCUMENTS}/users/7`,
    `ftp://evil.example${DOCUMENTS}/users/7`,
    `http:${DOCUMENTS}/users/7`,
    `//evil.example${DOCUMENTS}/users/7`,
    `/\\evil.example${DOCUMENTS}/users/7`,
    `/@evil.example${DOCUMENTS}/users/7`,
    `@evil.example${DOCUMENTS}/users/7`,
    `.evil.example${DOCUMENTS}/users/7`,
    `/x/..${DOCUMENTS}/users/7`,
    `/./${DOCUMENTS.slice(1)}/users/7`,
    `/%2e${DOCUMENTS}/users/7`,
    `/${DOCUMENTS}/users/7`,
    `${DOCUMENTS.replace('/v1/', '/v1/../v1/')}/users/7`,
    `${DOCUMENTS.replace('/v1/', '//v1/')}/users/7`,
    `${DOCUMENTS.replace('/v1/', '%2Fv1/')}/users/7`,
    `${DOCUMENTS.replace('firestore', 'Firestore')}/users/7`,
    `${DOCUMENTS.replace('firestore', 'firestore@evil.example')}/users/7`,
    `${DOCUMENTS.replace('firestore', 'firestore.evil.example:443')}/users/7`,
    '*',
    `${DOCUMENTS}/users/${'a'.repeat(8_192)}`,
  ])('before the documents are refused: %s', async (target) => {
    const { status } = await sendTarget(gateway.origin, target);
    expect(refused).toContain(status);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it.each([
    `http://evil.example${DOCUMENTS}/users/7`,
    `HTTPS://user@evil.example:80${DOCUMENTS}/users/7`,
  ])('in absolute form lead where they lead without a host: %s', async (target) => {
    const own = await startTestGateway();
    const { status } = await sendTarget(own.origin, target);
    await own.close();
    expect(status).toBe(200);
    const [sent, ...more] = own.firestore.seen;
    expect([sent?.target, sent?.headers.host, more]).toEqual([
      `${DOCUMENTS.replace('/firestore', '')}/users/7`,
      own.firestore.host,
      [],
    ]);
  });

  it('with a null byte do not pass the parser', async () => {
    const { status } = await sendTarget(gateway.origin, `${DOCUMENTS}/users/7${NUL}`);
    expect(status).toBe(400);
  });

  it.each([
    ['tiki:42', 'tiki%3A42'],
    ['tiki%3A42', 'tiki%3A42'],
    ['tiki%3a42', 'tiki%3A42'],
    ['7:runQuery2', '7%3ArunQuery2'],
    ['7:listCollectionIds', '7%3AlistCollectionIds'],
    ['7%3ArunQuery', '7%3ArunQuery'],
    ['a@evil.example', 'a%40evil.example'],
    ['Nguy%E1%BB%85n', 'Nguy%E1%BB%85n'],
    ['...', '...'],
    ['a..b', 'a..b'],
    ['%EF%BC%8E%EF%BC%8E', '%EF%BC%8E%EF%BC%8E'],
    ['a%20b', 'a%20b'],
    ['%41', 'A'],
    // Decoded once and no more.
    ['%252e%252e', '%252e%252e'],
    ['a%252Fb', 'a%252Fb'],
    ['100%25', '100%25'],
    ['a%5cb', 'a%5Cb'],
    ['%5C..%5C', '%5C..%5C'],
    ['7%00.json', '7%00.json'],
    ['7%0d%0aX-Injected:%201', '7%0D%0AX-Injected%3A%201'],
    ['%7f', '%7F'],
    ['%C2%85', '%C2%85'],
    ['7;jsessionid=1', '7%3Bjsessionid%3D1'],
    ['7,8&x=1+$2', '7%2C8%26x%3D1%2B%242'],
  ])('leave in one spelling only: %s as %s', async (raw, sent) => {
    const own = await startTestGateway();
    const { status } = await sendTarget(own.origin, `${DOCUMENTS}/users/${raw}`);
    await own.close();
    expect(status).toBe(200);
    expect(own.firestore.seen.map(({ target }) => target)).toEqual([
      `${DOCUMENTS.replace('/firestore', '')}/users/${sent}`,
    ]);
  });
});
