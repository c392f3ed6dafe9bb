import { withPayments } from '@tiki-bridge/testing/tini-runtime/payments-scene';
import { clientForTests, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';

// Nothing is taken for a plan, an order or a payment that is not the documented shape of one.

const { scene } = clientForTests();
const shop = () => withPayments(scene());

const PLAN = { id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 };
const ORDER = {
  reference: `o${'0'.repeat(31)}`,
  orderId: '88062110977884170',
  planId: 'month',
  name: PLAN.name,
  priceVnd: 49_000,
  days: 30,
  state: 'waiting',
  createdAt: 1_795_305_600_000,
  paidAt: null,
  completedAt: null,
  canceledAt: null,
  premiumUntil: null,
};

const HOSTILE: readonly [string, ReturnType<typeof json>][] = [
  ['HTML', { status: 200, headers: {}, body: '<html></html>' }],
  ['nothing', { status: 200, headers: {}, body: '' }],
  ['204', { status: 204, headers: {}, body: '' }],
  ['a redirect', json(302, { order: ORDER, orders: [ORDER], plans: [PLAN] })],
  ['null', json(200, null)],
  ['a number', json(200, 7)],
  ['another object', json(200, { ok: true })],
  ['a list', json(200, [ORDER])],
];

it.each(HOSTILE)('takes %s for no plans, no orders and no purchase', async (_, answer) => {
  const { firebase, server, phone } = await shop();
  const { plans, orders, buy } = firebase.payments();
  server.answers.push({ path: '/plans', answer });
  expect((await failureOf(plans())).code).toBe('bad-response');
  server.answers.push({ path: '/orders', answer });
  expect((await failureOf(orders())).code).toBe('bad-response');
  server.answers.push({ path: '/orders', answer });
  expect(await failureOf(buy('month'))).toMatchObject({
    code: 'bad-response',
    extras: { outcome: 'not-done' },
  });
  expect(phone.payments).toEqual([]);
});

it.each<[string, object]>([
  ['an id that is a number', { id: 7 }],
  ['no id', { id: '' }],
  ['a name in one language', { name: { vi: '1 tháng' } }],
  ['a price as text', { priceVnd: '49000' }],
  ['a negative price', { priceVnd: -1 }],
  ['a fraction of a dong', { priceVnd: 0.5 }],
  ['a price that has lost digits', { priceVnd: 2 ** 53 }],
  ['no days', { days: undefined }],
])('shows no plan with %s', async (_, changes) => {
  const { firebase, server } = await shop();
  server.answers.push({
    path: '/plans',
    answer: json(200, { plans: [PLAN, { ...PLAN, ...changes }] }),
  });
  expect((await failureOf(firebase.payments().plans())).code).toBe('bad-response');
});

it.each<[string, object]>([
  ['another plan', { planId: 'year' }],
  ['no reference', { reference: undefined }],
  ['a reference that is a path', { reference: '../plans' }],
  ['a reference with a query', { reference: 'o1?x=1' }],
  ["Tiki's id as a number", { orderId: 88_062_110_977_884_170 }],
  ["Tiki's id with a space", { orderId: '1 2' }],
  ['a state that is not known', { state: 'free' }],
  ['no state', { state: undefined }],
  ['a price that has lost digits', { priceVnd: 2 ** 60 }],
  ['a time as text', { createdAt: '2026-11-22' }],
  ['a negative time', { paidAt: -1 }],
])('opens no payment for an order with %s', async (_, changes) => {
  const { firebase, server, phone } = await shop();
  server.answers.push({ path: '/orders', answer: json(200, { order: { ...ORDER, ...changes } }) });
  expect(await failureOf(firebase.payments().buy('month'))).toMatchObject({
    code: 'bad-response',
    extras: { outcome: 'not-done' },
  });
  expect(phone.payments).toEqual([]);
});

it('takes the payment of another order for none of its own', async () => {
  const { buy, phone, server, bridge } = await shop();
  phone.pay = () => {
    const paid = { ...ORDER, state: 'paid', paidAt: 1, premiumUntil: 2 };
    server.answers.push(
      ...Array.from({ length: 10 }, () => ({
        path: '/orders/',
        answer: json(200, { order: paid }),
      })),
    );
    return { success: 'success' };
  };
  expect(await buy()).toMatchObject({ code: 'bad-response', extras: { outcome: 'unknown' } });
  expect([...bridge.orders.values()].map(({ state }) => state)).toEqual(['waiting']);
});

it('returns only what is documented of an order', async () => {
  const { firebase, server } = await shop();
  const refunded = { ...ORDER, state: 'canceled', refunded: true, refundedAt: 5, secret: 'x' };
  server.answers.push({ path: '/orders', answer: json(200, { orders: [refunded] }) });
  const orders = await firebase.payments().orders();
  expect(orders).toEqual([{ ...ORDER, state: 'canceled', refundedAt: 5 }]);
});
