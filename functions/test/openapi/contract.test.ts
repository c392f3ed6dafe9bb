import { startBackend, type TestBackend } from '../backend/support/backend';
import { startTestGateway, type TestGateway } from '../gateway/support/gateway';
import { KEY, startPayments, type TestPayments } from '../payments/support/payments';
import { newSecret, ORIGIN } from '../sessions/support/site';
import { json, startTestBridge, type TestBridge } from '../support/bridge';
import { DOCUMENT, faultsOf, OPERATIONS, rightAnswers } from './faults-of';

/*
 * Real answers of the functions, on real sockets, against docs/openapi.json: by ajv, which knows nothing
 * of how the document was made.
 */

async function expectRight(id: string, status: number, response: Response): Promise<void> {
  expect([response.status, await faultsOf(id, response)]).toEqual([status, []]);
}

/** A path with the examples of its parameters. */
function filled(path: string, values: Readonly<Record<string, string>> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const described = Object.values(DOCUMENT.components.parameters).find(
      (one) => one['in'] === 'path' && one['name'] === name,
    );
    return values[name] ?? String(described?.['example']);
  });
}

/** The methods that an address allows, by its refusal of one that nothing has. */
async function allowedAt(url: string): Promise<string[]> {
  const refused = await fetch(url, { method: 'PURGE' });
  expect(refused.status).toBe(405);
  const methods = refused.headers.get('allow')?.split(', ') ?? [];
  return methods.filter((method) => method !== 'HEAD');
}

/** The described methods of paths with this tag, by path. */
function describedMethods(tag: string): (readonly [path: string, methods: string[]])[] {
  const ofTag = OPERATIONS.filter(({ operation }) => operation.tags.includes(tag));
  const paths = [...new Set(ofTag.map(({ path }) => path))];
  return paths.map((path) => [
    path,
    ofTag.filter((one) => one.path === path).map(({ method }) => method.toUpperCase()),
  ]);
}

async function expectDescribedMethods(tag: string, origin: string): Promise<void> {
  for (const [path, methods] of describedMethods(tag)) {
    const allowed = await allowedAt(origin + filled(path));
    expect([path, allowed.toSorted()]).toEqual([path, methods.toSorted()]);
  }
}

describe('auth', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge({ env: { TIKI_TOKENS_TO_CLIENT: 'true' } });
  });
  afterAll(() => bridge.close());

  it('answers logins as described', async () => {
    const login = await bridge.login({ customerId: '7', scopes: ['offline'] });
    await expectRight('exchangeCode', 200, login);
    const { tiki } = (await json(login)) as { tiki: { accessToken: string; refreshToken: string } };
    const info = await bridge.post('/auth_info', { access_token: tiki.accessToken });
    await expectRight('readIdentity', 200, info);
    const refreshed = await bridge.post('/auth_refresh', { refresh_token: tiki.refreshToken });
    await expectRight('refreshLogin', 200, refreshed);
  });

  it('refuses as described', async () => {
    const exchange = (body: unknown, init?: RequestInit) =>
      bridge.post('/auth_exchange', body, init);
    await expectRight('exchangeCode', 400, await exchange({}));
    await expectRight('exchangeCode', 401, await exchange({ code: 'made.up' }));
    await expectRight('exchangeCode', 413, await exchange({ code: 'x'.repeat(17_000) }));
    const text = { headers: { 'Content-Type': 'text/plain' } };
    await expectRight('exchangeCode', 415, await exchange({ code: 'a' }, text));
    await expectRight('readIdentity', 401, await bridge.post('/auth_info', { access_token: 'a' }));
    bridge.simulator.setFault({
      path: '/oauth/auth/token',
      fault: { kind: 'status', status: 503 },
    });
    await expectRight('exchangeCode', 503, await bridge.login({ customerId: '7' }));
  });

  it('answers operators as described', async () => {
    await expectRight('readHealth', 200, await fetch(`${bridge.origin}/health`));
    const hosted = { headers: { 'X-Forwarded-Host': 'shop.web.app' } };
    await expectRight('readHealth', 404, await fetch(`${bridge.origin}/health`, hosted));
    await expectRight('readReadiness', 404, await fetch(`${bridge.origin}/ready`));
  });

  it('has the described methods', async () => {
    await expectDescribedMethods('Login', bridge.origin);
    await expectDescribedMethods('Operators', bridge.origin);
  });
});

describe('payments and sessions', () => {
  let payments: TestPayments;
  beforeAll(async () => {
    payments = await startPayments();
  });
  afterAll(() => payments.close());

  it('sell as described', async () => {
    await expectRight('listPlans', 200, await payments.ask('/plans'));
    const headers = { ...payments.bearer('1'), 'Idempotency-Key': KEY };
    const place = (planId: string, more: object = {}) =>
      payments.ask('/orders', { body: { planId }, headers: { ...headers, ...more } });
    const placed = await place('month');
    await expectRight('placeOrder', 200, placed);
    const { order } = (await placed.json()) as { order: { reference: string } };
    const path = `/orders/${order.reference}`;
    await expectRight('readOrder', 200, await payments.ask(path, { headers }));
    await expectRight('listOrders', 200, await payments.ask('/orders', { headers }));

    await expectRight('placeOrder', 409, await place('year'));
    const anotherKey = { 'Idempotency-Key': `${KEY}-2` };
    await expectRight('placeOrder', 404, await place('week', anotherKey));
    await expectRight('placeOrder', 400, await place('month', { 'Idempotency-Key': 'short' }));
    await expectRight('listOrders', 401, await payments.ask('/orders'));
    await expectRight(
      'readOrder',
      404,
      await payments.ask(path, { headers: payments.bearer('2') }),
    );
    await expectRight('takeNotification', 401, await payments.ask('/tiki_ipn', { body: {} }));
  });

  it('keep sessions as described', async () => {
    const { site } = payments;
    const { cookie, csrfToken, response } = await site.signIn('3');
    await expectRight('signIn', 200, response);
    const headers = { Cookie: cookie };
    await expectRight('readSession', 200, await site.ask('/session/user', { headers }));
    await expectRight('readSession', 200, await site.ask('/session/user'));
    await expectRight('readCsrfToken', 200, await site.ask('/session/csrf_token', { headers }));
    const signOut = (more: object) =>
      site.ask('/session/sign_out', { body: {}, headers: { ...headers, ...more } });
    await expectRight('signOut', 403, await signOut({}));
    await expectRight('signOut', 204, await signOut({ 'X-CSRF-Token': csrfToken }));

    const page = { challenge: newSecret(), origin: ORIGIN };
    const handOver = (more: object) =>
      site.ask('/session/hand_over', { body: page, headers: { ...more } });
    await expectRight('handOver', 401, await handOver({}));
    // This site has no Firestore; test/attacks/sessions/hand-over has.
    await expectRight('handOver', 503, await handOver(payments.bearer('3')));
    const proof = { code: newSecret(), verifier: newSecret() };
    const foreign = { Origin: 'https://elsewhere.example' };
    const trade = await site.ask('/session/trade', { body: proof, headers: foreign });
    await expectRight('tradeCode', 403, trade);
  });

  it('have the described methods', async () => {
    await expectDescribedMethods('Payments', payments.origin);
    await expectDescribedMethods('Web sessions', payments.site.origin);
  });
});

describe('backend', () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await startBackend();
  });
  afterAll(() => backend.close());

  it('passes on and refuses as described', async () => {
    const url = `${backend.origin}/backend/whoami`;
    await expectRight('getFromBackend', 200, await fetch(url, { headers: backend.bearer() }));
    await expectRight('getFromBackend', 401, await fetch(url));
    const post = { method: 'POST', body: 'text', headers: backend.bearer() };
    await expectRight('postFromBackend', 200, await fetch(url, post));
  });

  it('has the described methods', () => expectDescribedMethods('Private backend', backend.origin));
});

describe('gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ env: { TIKI_VALIDATION_CODES: 'a-code:content' } });
  });
  afterAll(() => gateway.close());

  const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';

  it('passes on and refuses as described', async () => {
    await expectRight('signInWithCustomToken', 200, await gateway.post(SIGN_IN, { token: 'a' }));
    const text = { 'Content-Type': 'text/plain' };
    const refused = await gateway.post(SIGN_IN, { token: 'a' }, text);
    await expectRight('signInWithCustomToken', 415, refused);
    gateway.auth.answer((response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end('{"error":{"code":400,"message":"INVALID_CUSTOM_TOKEN"}}');
    });
    const googles = await gateway.post(SIGN_IN, { token: 'a' });
    await expectRight('signInWithCustomToken', 400, googles);
    const file = await gateway.fetch('/tiki-validation-code/a-code/auth.txt');
    await expectRight('readValidationFile', 200, file);
    const other = await gateway.fetch('/tiki-validation-code/other/auth.txt');
    await expectRight('readValidationFile', 404, other);
  });

  it('has the described methods', async () => {
    for (const [path, methods] of describedMethods('Gateway')) {
      // A path of Firestore is one of a document or of a collection.
      const parents = ['users/tiki:7', ...(path.endsWith('/{path}') ? ['users'] : [])];
      const customMethods = path.endsWith('{method}') ? customMethodsOf(path) : [''];
      for (const method of customMethods) {
        const urls = parents.map(
          (parent) => gateway.origin + filled(path, { path: parent, method }),
        );
        const allowed = (await Promise.all(urls.map(allowedAt))).flat();
        expect([path, [...new Set(allowed)].toSorted()]).toEqual([path, methods.toSorted()]);
      }
    }
  });

  function customMethodsOf(path: string): readonly string[] {
    const found = OPERATIONS.find((one) => one.path === path);
    const described = found?.operation.parameters.find((one) => one['name'] === 'method');
    return (described?.['schema'] as { readonly enum: readonly string[] }).enum;
  }
});

it('has tried every operation of the functions themselves', () => {
  const ownPaths = /^\/(auth_|health|ready|session\/|plans|orders)/;
  const ids = OPERATIONS.filter(({ path }) => ownPaths.test(path)).map(
    ({ operation }) => operation.operationId,
  );
  // One needs a token of Google's, the others Firestore: test/attacks/forged-operator-tokens and
  // test/attacks/sessions/hand-over.
  const elsewhere = ['readReadiness', 'handOver', 'tradeCode'];
  const succeeded = (id: string) =>
    ['200', '204'].some((status) => rightAnswers.has(`${id} ${status}`));

  expect(ids.filter((id) => !succeeded(id))).toEqual(elsewhere);
});
