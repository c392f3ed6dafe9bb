import { startPayments, type TestPayments } from '../../payments/support/payments';

let payments: TestPayments;
beforeAll(async () => {
  payments = await startPayments();
});

it.each([
  ['negative', '-49000', 401],
  ['zero', '0', 401],
  ['too small by one', '48999', 401],
  ['one that a double would round to the right one', '49000.0000000000001', 502],
  ['fractional', '49000.5', 502],
  ['with an exponent', '49e3', 502],
  ['a string', '"49000"', 502],
  ['missing', 'null', 502],
  ['huge', '9223372036854775807', 401],
  ['beyond 64 bits', '184467440737095565616', 401],
])('of an order at Tiki opens nothing: %s', async (what, grandTotal, status) => {
  const customerId = String(100 + what.length);
  const order = await payments.place({
    customerId,
    key: `key-${what.replace(/\W/g, '-')}-0123456789`,
  });
  payments.tiki.setFault({
    ...{ path: '/order', times: 1 },
    fault: { kind: 'order', members: { grand_total: grandTotal } },
  });
  await payments.pay(order);

  expect(payments.lastAnswer()).toBe(status);
  expect(payments.shop.orders.get(order.reference)).toMatchObject({ state: 'waiting' });
  expect(payments.shop.premium.documents.has(`tiki:${customerId}`)).toBe(false);
});
