import { startPayments } from '../../payments/support/payments';

it('does not open premium again: the message of a payment that was refunded', async () => {
  const payments = await startPayments();
  const order = await payments.place();
  await payments.pay(order);
  payments.tiki.trigger({ orderId: order.orderId ?? '', status: 'canceled' });
  await payments.tiki.advance(0);
  const refunded = [...payments.shop.orders.values()];
  expect(refunded).toMatchObject([{ state: 'canceled', refundedAt: expect.any(Number) as number }]);

  const [paid] = payments.tiki.messages;
  const { body = '', headers = {} } = paid ?? {};
  for (let times = 0; times < 3; times += 1) {
    expect((await payments.ask('/tiki_ipn', { body, headers })).status).toBe(200);
  }
  expect([...payments.shop.orders.values()]).toEqual(refunded);
  expect(payments.shop.premium.documents.get('tiki:1001')).toMatchObject({
    premiumUntil: null,
    purchases: [{ status: 'cancelled' }],
  });
});
