import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ORIGIN } from '../sessions/support/site';
import { KEY, startPayments, type TestPayments } from './support/payments';

let payments: TestPayments;
beforeAll(async () => {
  payments = await startPayments();
});

const codeOf = async (response: Response) =>
  ((await response.json()) as { readonly code: string }).code;

it('lists the plans for everybody', async () => {
  const response = await payments.ask('/plans');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    plans: [
      { id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 },
      { id: 'year', name: { vi: '1 năm', en: '1 year' }, priceVnd: 490_000, days: 365 },
    ],
  });
});

it('sells premium: order, payment, premium on the account, receipt', async () => {
  const order = await payments.place({ customerId: '1' });
  expect(order).toMatchObject({
    ...{ state: 'waiting', planId: 'month', priceVnd: 49_000, days: 30, paidAt: null },
    ...{ refunded: false, premiumUntil: null },
  });
  expect(order.reference).toMatch(/^o[\da-f]{31}$/);
  expect(order.orderId).toMatch(/^\d{18}$/);
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(200);

  const { reference } = order;
  const read = await payments.ask(`/orders/${reference}`, { headers: payments.bearer('1') });
  const paid = {
    reference,
    state: 'paid',
    premiumUntil: payments.shop.premium.now + 30 * 86_400_000,
  };
  expect(await read.json()).toMatchObject({ order: paid });
  // As soon as the order is read as paid, a refresh of the token gives premium.
  expect(payments.shop.premium.accounts.get('tiki:1')).toMatchObject({ premiumAccount: true });
  const list = await payments.ask('/orders', { headers: payments.bearer('1') });
  expect(await list.json()).toMatchObject({ orders: [paid] });
});

it('gives one order for one key', async () => {
  const [one, other] = [
    await payments.place({ customerId: '2' }),
    await payments.place({ customerId: '2' }),
  ];
  expect(other).toEqual(one);
});

it.each([
  ['no session', {}, 401, 'unauthenticated'],
  ['a token that is none', { Authorization: 'Bearer a.b.c' }, 401, 'unauthenticated'],
])('refuses %s everywhere', async (_, headers, status, code) => {
  const calls = [
    { path: '/orders', body: { planId: 'month' } },
    { path: '/orders', body: undefined },
    { path: `/orders/o${'0'.repeat(31)}`, body: undefined },
  ];
  for (const { path, body } of calls) {
    const response = await payments.ask(path, { body, headers });
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  }
});

it('refuses a session that was revoked', async () => {
  const headers = { ...payments.bearer('3'), 'Idempotency-Key': KEY };
  payments.site.auth.accounts.set('tiki:3', { disabled: true });
  const response = await payments.ask('/orders', { body: { planId: 'month' }, headers });
  expect(response.status).toBe(401);
});

it('refuses users of the project who are no customers of Tiki', async () => {
  payments.site.auth.accounts.set('tiki:4', {});
  for (const claims of [{ provider: 'password' }, { tikiCustomerId: '5' }, { tikiCustomerId: 4 }]) {
    const Authorization = `Bearer ${payments.site.auth.idToken('tiki:4', claims)}`;
    const headers = { Authorization, 'Idempotency-Key': KEY };
    const response = await payments.ask('/orders', { body: { planId: 'month' }, headers });
    expect([response.status, await codeOf(response)]).toEqual([403, 'forbidden']);
  }
});

it('takes the session of a page, with its CSRF token', async () => {
  const site = payments.site;
  const key = { 'Idempotency-Key': KEY };
  const sibling = await site.sibling({ SESSION_KEYS: site.key, WEB_API_KEY: 'key' });
  const { cookie, csrfToken } = await sibling.signIn('6');
  payments.shop.premium.accounts.set('tiki:6', {});
  const body = { planId: 'month' };
  const forged = await payments.ask('/orders', {
    body,
    headers: { Cookie: cookie, ...key, Origin: ORIGIN },
  });
  expect([forged.status, await codeOf(forged)]).toEqual([403, 'forbidden']);
  const good = await payments.ask('/orders', {
    body,
    headers: { Cookie: cookie, ...key, 'X-CSRF-Token': csrfToken },
  });
  expect(good.status).toBe(200);
  const list = await payments.ask('/orders', { headers: { Cookie: cookie } });
  expect(((await list.json()) as { orders: unknown[] }).orders).toHaveLength(1);
});

it.each([
  ['no key', {}, { planId: 'month' }, 400, 'invalid-request'],
  ['a short key', { 'Idempotency-Key': 'short' }, { planId: 'month' }, 400, 'invalid-request'],
  ['no plan', { 'Idempotency-Key': KEY }, {}, 400, 'invalid-request'],
  ['a plan that is no id', { 'Idempotency-Key': KEY }, { planId: '../x' }, 400, 'invalid-request'],
  ['a body that is no object', { 'Idempotency-Key': KEY }, '[]', 400, 'invalid-request'],
  ['an unknown plan', { 'Idempotency-Key': KEY }, { planId: 'week' }, 404, 'not-found'],
])('refuses %s', async (_, headers, body, status, code) => {
  const response = await payments.ask('/orders', {
    body,
    headers: { ...payments.bearer('7'), ...headers },
  });
  expect([response.status, await codeOf(response)]).toEqual([status, code]);
});

it('refuses the key of an order for another plan', async () => {
  await payments.place({ customerId: '8' });
  const response = await payments.ask('/orders', {
    body: { planId: 'year' },
    headers: { ...payments.bearer('8'), 'Idempotency-Key': KEY },
  });
  expect([response.status, await codeOf(response)]).toEqual([409, 'conflict']);
});

it('abandons an order that Tiki may have, and takes it up when it turns out to be paid', async () => {
  payments.tiki.setFault({ path: '/order/multi-sku', fault: { kind: 'garbage' } });
  const headers = { ...payments.bearer('9'), 'Idempotency-Key': KEY };
  const response = await payments.ask('/orders', { body: { planId: 'month' }, headers });
  expect([response.status, await codeOf(response)]).toEqual([502, 'tiki-bad-response']);
  const order = await payments.place({ customerId: '9' });
  expect(order).toMatchObject({ state: 'abandoned', orderId: null });

  const atTiki = payments.tiki
    .orders()
    .filter(({ referenceId }) => referenceId === order.reference);
  expect(atTiki).toHaveLength(1);
  const orderId = atTiki[0]?.id ?? '';
  await payments.pay({ ...order, orderId });
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'paid', orderId });
});

it('answers 5xx, so that Tiki repeats, when the order cannot be read', async () => {
  const order = await payments.place({ customerId: '10' });
  payments.tiki.setFault({ path: '/order', times: 3, fault: { kind: 'status', status: 503 } });
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(503);
  await payments.tiki.advance(60_000);
  expect(payments.lastAnswer()).toBe(200);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'paid' });
});

it('answers 5xx in time when Tiki does not answer, or a message does not arrive completely', async () => {
  const order = await payments.place({ customerId: '11' });
  payments.tiki.setFault({ path: '/order', times: 3, fault: { kind: 'hang' } });
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(504);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'waiting' });
  await payments.tiki.advance(60_000);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'paid' });

  const headers = { 'Content-Length': 100 };
  const half = request(`${payments.origin}/tiki_ipn`, { method: 'POST', headers });
  half.write('{"order":');
  const [answer] = (await once(half, 'response')) as [IncomingMessage];
  half.destroy();
  expect(answer.statusCode).toBe(504);
});

it('answers 5xx while Tiki’s answer is older than its message', async () => {
  const order = await payments.place({ customerId: '12' });
  payments.tiki.setFault({
    ...{ path: '/order', times: 1 },
    fault: { kind: 'order', members: { status: '"waiting_for_payment"' } },
  });
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(502);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'waiting' });
  await payments.tiki.advance(60_000);
  expect(payments.lastAnswer()).toBe(200);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'paid' });
});

it('tells the operator of a payment for an order whose document is lost', async () => {
  const order = await payments.place({ customerId: '13' });
  payments.shop.orders.delete(order.reference);
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(401);
  expect(payments.entries()).toContainEqual(
    expect.objectContaining({
      ...{ severity: 'ERROR', outcome: 'unknown-order' },
      ...{ reference: order.reference, orderId: order.orderId },
    }),
  );
});

it('does not create an order again after an error of Tiki’s, whatever its HTTP status', async () => {
  const headers = { ...payments.bearer('14'), 'Idempotency-Key': KEY };
  payments.tiki.setFault({
    ...{ path: '/order/multi-sku', times: 1 },
    fault: {
      ...{ kind: 'raw', status: 200, headers: { 'Content-Type': 'application/json' } },
      body: '{"data":null,"error":{"code":500,"reason":"internal_error"}}',
    },
  });
  const response = await payments.ask('/orders', { body: { planId: 'month' }, headers });
  expect(response.status).toBe(502);
  expect(await payments.place({ customerId: '14' })).toMatchObject({ state: 'abandoned' });
});

it('takes no other order for the one that it asked Tiki to create', async () => {
  payments.tiki.setFault({
    ...{ path: '/order/multi-sku', times: 1 },
    fault: { kind: 'order', members: { grand_total: '1' } },
  });
  const response = await payments.ask('/orders', {
    body: { planId: 'month' },
    headers: { ...payments.bearer('16'), 'Idempotency-Key': KEY },
  });
  expect([response.status, await codeOf(response)]).toEqual([502, 'tiki-bad-response']);
});

it('refuses a message that is too large, and one that names no order of ours', async () => {
  const large = await payments.ask('/tiki_ipn', { body: 'x'.repeat(70_000) });
  expect([large.status, await codeOf(large)]).toEqual([413, 'payload-too-large']);
  for (const reference of ['""', '"a reference of another program"']) {
    const order = await payments.place({ customerId: '17', key: `${KEY}-${reference.length}` });
    payments.tiki.setFault({
      ...{ path: 'ipn', times: 1 },
      fault: { kind: 'order', members: { reference_id: reference } },
    });
    await payments.pay(order);
    expect(payments.lastAnswer()).toBe(401);
  }
  expect(payments.logged()).not.toContain('another program');
});

it.each(['/orders/', '/orders/o1', '/orders/../plans/x'])('knows no %s', async (path) => {
  const response = await payments.ask(path, { headers: payments.bearer('18') });
  expect([response.status, await codeOf(response)]).toEqual([404, 'not-found']);
});

it('lets a customer have five orders that wait, and repeats any of them', async () => {
  const key = (n: number) => `${KEY}-${n}`;
  for (const n of [1, 2, 3, 4, 5]) await payments.place({ customerId: '15', key: key(n) });
  const headers = payments.bearer('15');
  const sixth = await payments.ask('/orders', {
    body: { planId: 'month' },
    headers: { ...headers, 'Idempotency-Key': key(6) },
  });
  expect([sixth.status, await codeOf(sixth)]).toEqual([429, 'rate-limited']);
  const first = await payments.place({ customerId: '15', key: key(1) });
  await payments.pay(first);
  await payments.place({ customerId: '15', key: key(6) });
});

it('limits the requests of one customer, and not those of another', async () => {
  const limited = await startPayments({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
  const statusFor = async (customerId: string) =>
    (await limited.ask('/orders', { headers: limited.bearer(customerId) })).status;
  const statuses = [];
  // The limit and its burst.
  for (let requests = 0; requests < 12; requests += 1) statuses.push(await statusFor('1'));
  expect(statuses).toEqual([...new Array<number>(11).fill(200), 429]);
  expect(await statusFor('2')).toBe(200);
});

it('sells to apps in a project that has no web sessions', async () => {
  const apps = await startPayments({ env: { FIREBASE_AUTH_EMULATOR_HOST: '' } });
  expect((await apps.ask('/plans')).status).toBe(200);
  expect((await apps.ask('/tiki_ipn', { body: {} })).status).toBe(401);
});

it('logs no secret', () => {
  expect(payments.logged()).not.toContain('canary');
});
