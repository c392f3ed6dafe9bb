import { startPayments, type TestPayments } from '../../payments/support/payments';

let payments: TestPayments;
beforeAll(async () => {
  payments = await startPayments();
});

const PRICES = [1, 0, -49_000, 0.5, 1e300, '1', null];

it.each(PRICES)('is ignored: %p', async (price) => {
  const customerId = String(PRICES.indexOf(price) + 1);
  const key = 'a-key-of-16-chars';
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
