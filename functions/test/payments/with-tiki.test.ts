import { systemClock } from '../../src/clock';
import { exportOrders } from '../../src/payments/export';
import { openPlatform } from '../../src/payments/open-payments';
import { parseSellingParameters } from '../../src/payments/parameters';
import { createReconcile } from '../../src/payments/reconcile';
import { createRefund } from '../../src/payments/refund';
import { makeStatement, yesterday } from '../../src/payments/statement';
import { httpClient } from '../../src/upstream/http-client';
import { HOUR_MS, REFUND_MS } from './support/memory-shop';
import { CLIENT_KEY, CLIENT_SECRET, startPayments, type TestPayments } from './support/payments';

/** The reconciler, refunds and the statement with Tiki's real calls. */
let payments: TestPayments;
let http: ReturnType<typeof httpClient>;
beforeEach(async () => {
  payments = await startPayments();
  http = httpClient(systemClock);
});
afterEach(() => {
  http.close();
});

function effects() {
  const platform = openPlatform(
    parseSellingParameters({
      GCLOUD_PROJECT: 'demo-tiki-bridge',
      TIKI_CLIENT_KEY: CLIENT_KEY,
      TIKI_CLIENT_SECRET: CLIENT_SECRET,
      TIKI_API_BASE_URL: payments.tiki.apiBaseUrl,
      PAYMENT_PLANS: 'plans.json',
    }),
    http,
  );
  return { ...payments.shop.process().effects, payments: platform };
}

const statusOf = (id: string | null) => payments.tiki.orders().find((it) => it.id === id)?.status;

async function paid(customerId: string) {
  const order = await payments.place({ customerId });
  await payments.pay(order);
  return order;
}

it('completes at Tiki, and finds a lost payment and a lost cancellation', async () => {
  const [first, lost, canceled] = [
    await paid('1'),
    await payments.place({ customerId: '2' }),
    await paid('3'),
  ];
  payments.tiki.registerIpnUrl('http://127.0.0.1:9/nobody');
  await payments.pay(lost);
  payments.tiki.trigger({ orderId: canceled.orderId ?? '', status: 'canceled' });
  payments.shop.premium.now += REFUND_MS;

  const { findings, ...report } = await createReconcile(effects())();
  expect(findings).toEqual([]);
  expect(report).toEqual({ looked: 3, repaired: 2, completed: 1, isFinished: true });
  const states = [first, lost, canceled].map(
    ({ reference }) => payments.shop.orders.get(reference)?.state,
  );
  expect(states).toEqual(['completed', 'paid', 'canceled']);
  expect(statusOf(first.orderId)).toBe('completed');
});

it('has a purchase after the first repeat when the function was down for an hour', async () => {
  const order = await payments.place();
  await payments.goDown();
  await payments.pay(order);
  await payments.tiki.advance(HOUR_MS);
  const outcomes = () =>
    payments.tiki.messages.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
  // At once, and after 1, 6 and 36 minutes.
  const lost = Array<string>(4).fill('network-failure');
  expect(outcomes()).toEqual(lost);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'waiting' });

  await payments.comeUp();
  await payments.tiki.advance(HOUR_MS);
  expect(outcomes()).toEqual([...lost, 200]);
  const response = await payments.ask(`/orders/${order.reference}`, {
    headers: payments.bearer(),
  });
  expect(await response.json()).toMatchObject({ order: { state: 'paid', days: 30 } });
  expect(payments.shop.premium.accounts.get('tiki:1001')).toMatchObject({ premiumAccount: true });
});

it('refunds through Tiki', async () => {
  const order = await paid('1');
  const refund = createRefund(effects());
  expect(await refund(order.reference)).toMatchObject({ how: 'by-tiki' });
  expect(statusOf(order.orderId)).toBe('canceled');
  expect(await refund(order.reference)).toMatchObject({ how: 'by-tiki' });
});

it('only puts orders off when Tiki cannot be asked', async () => {
  await paid('1');
  payments.tiki.setFault({
    ...{ path: '/order/list', times: 3 },
    fault: { kind: 'status', status: 503 },
  });
  const [before] = payments.shop.orders.values();
  payments.shop.premium.now += REFUND_MS;
  expect(await createReconcile(effects())()).toMatchObject({
    findings: [{ kind: 'failed', detail: 'tiki-unavailable', mayPass: true }],
  });
  const { now } = payments.shop.premium;
  expect([...payments.shop.orders.values()]).toEqual([
    { ...before, troubleSince: now, dueAt: now + 5 * 60_000 },
  ]);
});

it('exports receipts whose totals agree with Tiki’s, and says so when they do not', async () => {
  const [order] = [await paid('1'), await paid('2')];
  const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const good = await exportOrders(effects(), period);
  expect(good.differences).toEqual([]);
  expect(good.total).toEqual({ count: 2, vnd: 98_000, atTikiVnd: '98000' });
  const [head, ...lines] = good.csv.trimEnd().split('\r\n');
  expect(head).toBe(
    'reference,order_id,uid,plan_id,days,state,tiki_status,paid_at,completed_at,refunded_at,' +
      'price_vnd,tiki_amount_vnd',
  );
  expect(lines[0]).toBe(
    `${order.reference},${order.orderId ?? ''},tiki:1,month,30,paid,online_paid,` +
      '2001-09-09T01:46:40.000Z,,,49000,49000',
  );

  payments.tiki.setFault({
    ...{ path: '/order/list', times: 2 },
    fault: { kind: 'order', members: { grand_total: '9007199254740993' } },
  });
  const bad = await exportOrders(effects(), period);
  expect(bad.differences.map(({ what }) => what)).toEqual(['amount', 'amount']);
  expect(bad.total.atTikiVnd).toBe('18014398509481986');
});

it('exports what Tiki does not know, what was paid back, and no document that nobody can read', async () => {
  const [order, other] = [await paid('1'), await paid('2')];
  await createRefund(effects())(order.reference);
  const stored = payments.shop.orders.get(other.reference);
  if (stored) payments.shop.orders.set(other.reference, { ...stored, orderId: '1' });
  const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const exported = await exportOrders(effects(), period);
  expect(exported.differences.map(({ what }) => what)).toEqual(['missing']);
  expect(exported.refunded).toEqual({ count: 1, vnd: 49_000, atTikiVnd: '49000' });
  const [, refunded, missing] = exported.csv.split('\r\n');
  expect(refunded).toMatch(/,canceled,canceled,2001-09-09T01:46:40\.000Z,,2001-.*,49000,49000$/);
  expect(missing).toMatch(/,1,tiki:2,month,30,paid,,2001-09-09T01:46:40\.000Z,,,49000,$/);
});

it('makes a statement of the day before, in which nothing differs', async () => {
  const order = await paid('1');
  await paid('2');
  await createRefund(effects())(order.reference);
  const { from, to } = yesterday(payments.shop.premium.now + 86_400_000);
  expect(to - from).toBe(86_400_000);
  expect(new Date(to).toISOString()).toMatch(/T17:00:00\.000Z$/);
  const statement = await makeStatement(effects(), { from, to });
  expect(statement).toMatchObject({
    paid: { count: 2, vnd: 98_000 },
    refunded: { count: 1, vnd: 49_000, atTikiVnd: '49000' },
    completed: { count: 0 },
    differences: [],
  });

  payments.tiki.setFault({
    ...{ path: '/order/list', times: 2 },
    fault: { kind: 'order', members: { id: '"1"' } },
  });
  const { differences } = await makeStatement(effects(), { from, to });
  expect(differences.map(({ what }) => what)).toEqual(['missing', 'missing']);
});
