import { DOCUMENTS, startTestGateway, type TestGateway } from '../../gateway/support/gateway';

/** Attack: the gateway forwards a call that no client needs, such as an administrative one. */
describe('other methods', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(async () => {
    expect([gateway.firestore.seen, gateway.auth.seen]).toEqual([[], []]);
    await gateway.close();
  });

  it.each([
    '/identitytoolkit/v1/accounts:signUp',
    '/identitytoolkit/v1/accounts:delete',
    '/identitytoolkit/v1/accounts:update',
    '/identitytoolkit/v1/accounts:sendOobCode',
    '/identitytoolkit/v1/accounts:signInWithPassword',
    '/identitytoolkit/v1/accounts:signInWithCustomToken/x',
    '/identitytoolkit/v1/accounts:signInWithCustomTokenX',
    '/identitytoolkit/v1/accounts%3AsignInWithCustomToken',
    '/identitytoolkit/v1/Accounts:lookup',
    '/identitytoolkit/v2/accounts:lookup',
    '/identitytoolkit/v2/accounts:revokeToken',
    '/identitytoolkit/v1/recaptchaParams',
    '/identitytoolkit/v1:lookup',
    '/identitytoolkit',
    '/securetoken/v1/token/x',
    '/securetoken/v1/tokens',
    '/securetoken/v1beta/token',
    '/v1/token',
    '/emulator/v1/projects/demo-tiki-bridge/accounts',
    '/identitytoolkit/emulator/v1/projects/demo-tiki-bridge/accounts',
    '/identitytoolkit.googleapis.com/v1/accounts:lookup',
  ])('of Firebase Auth are not there: %s', async (path) => {
    expect((await gateway.post(path, {})).status).toBe(404);
  });

  it.each([
    ':listen',
    ':write',
    ':batchWrite',
    ':partitionQuery',
    ':listCollectionIds',
    ':executePipeline',
    ':exportDocuments',
    ':runquery',
    ':commit:commit',
    '/:commit',
    ':',
    '',
    '/users/7:commit',
    '/users/7:batchGet',
    '/users/7:beginTransaction',
    '/users:runQuery',
    '/users/7/notes:runAggregationQuery',
    'x/users/7:runQuery',
  ])('of Firestore are not there: documents%s', async (below) => {
    expect((await gateway.post(DOCUMENTS + below, {})).status).toBe(404);
  });

  it.each([
    ['/identitytoolkit/v1/accounts:lookup', ['GET', 'PUT', 'PATCH', 'DELETE'], 'POST'],
    ['/securetoken/v1/token', ['GET', 'HEAD', 'OPTIONS', 'DELETE'], 'POST'],
    [`${DOCUMENTS}/users/7`, ['POST', 'PUT', 'OPTIONS'], 'GET, HEAD, PATCH, DELETE'],
    [`${DOCUMENTS}/users`, ['PATCH', 'DELETE', 'PUT'], 'GET, HEAD, POST'],
    [`${DOCUMENTS}:commit`, ['GET', 'HEAD', 'PATCH', 'DELETE'], 'POST'],
    [`${DOCUMENTS}/users/7:runQuery`, ['GET', 'DELETE'], 'POST'],
  ])('of HTTP are refused at %s', async (path, methods, allowed) => {
    for (const method of methods) {
      const response = await gateway.fetch(path, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        allowed,
      ]);
    }
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'are not inherited from a prototype: %s',
    async (name) => {
      // Node's HTTP parser only accepts known methods, but the table must not rely on that.
      const response = await gateway.fetch(`${DOCUMENTS}:${name}`, { method: 'POST' });
      expect(response.status).toBe(404);
    },
  );

  it.each([
    '$httpMethod=DELETE',
    '%24httpMethod=DELETE',
    '$httpHeaders=Authorization%3ABearer%20owner',
    'access_token=owner',
    'oauth_token=owner',
    'callback=alert',
    'alt=media',
    'fields=*',
    'prettyPrint=false',
    'mask%2EfieldPaths=a',
    'MASK.fieldPaths=a',
    'readTime=a&readTime=b',
    'updateMask.fieldPaths=a',
    '=',
    '&',
    'transaction=%',
    'transaction=%ff',
    'toString=a',
  ])('are not reached through a query: %s', async (query) => {
    const response = await gateway.fetch(`${DOCUMENTS}/users/7?${query}`);
    expect(response.status).toBe(400);
  });
});
