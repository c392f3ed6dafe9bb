import type { OrderAnswer } from '../../../src/payments/order';
import { startPayments } from '../../payments/support/payments';

it('is not possible: the customer is the one who is signed in, whatever the request says', async () => {
  const payments = await startPayments();
  const response = await payments.ask('/orders', {
    body: {
      planId: 'month',
      uid: 'tiki:2',
      customerId: '2',
      customer_id: '2',
      reference: `o${'1'.repeat(31)}`,
    },
    headers: { ...payments.bearer('1'), 'Idempotency-Key': 'a-key-of-16-chars' },
  });
  expect(response.status).toBe(200);
  expect([...payments.shop.orders.values()]).toMatchObject([{ uid: 'tiki:1', customerId: '1' }]);
  expect(payments.tiki.orders()).toMatchObject([{ customerId: '1' }]);
  const [order] = payments.shop.orders.values();
  expect(order?.reference).not.toBe(`o${'1'.repeat(31)}`);

  // Whoever pays it: premium is that of the customer who ordered.
  await payments.pay(((await response.json()) as { readonly order: OrderAnswer }).order);
  expect([...payments.shop.premium.documents.keys()]).toEqual(['tiki:1']);
});
