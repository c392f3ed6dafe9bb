import { startPayments, type TestPayments } from '../../payments/support/payments';

let payments: TestPayments;
beforeAll(async () => {
  payments = await startPayments();
});

it.each([1, 0, -49_000, 0.5, 1e300, '1', null])('is ignored: %p', async (price) => {
  const customerId = '1';
  const key = `price-${JSON.stringify(price).replace(/\W/g, '_')}-0123456789`;
  const response = await payments.ask('/orders', {
    body: {
      planId: 'month',
      ...{ price, priceVnd: price, amount: price, grand_total: price, days: 3_660 },
      items: [{ name: 'x', quantity: 1, price }],
    },
    headers: { ...payments.bearer(customerId), 'Idempotency-Key': key },
  });
  expect(await response.json()).toMatchObject({ order: { priceVnd: 49_000, days: 30 } });
  expect(payments.tiki.orders().at(-1)).toMatchObject({ grandTotalVnd: 49_000 });
});
