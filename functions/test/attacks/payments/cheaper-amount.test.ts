import { startPayments } from '../../payments/support/payments';

it('opens nothing when the order at Tiki costs another amount than ours', async () => {
  const payments = await startPayments();
  const order = await payments.place({ planId: 'year' });
  payments.tiki.setFault({
    ...{ path: '/order', times: 1 },
    fault: { kind: 'order', members: { grand_total: '1000' } },
  });
  await payments.pay(order);

  expect(payments.lastAnswer()).toBe(401);
  const [stored] = payments.shop.orders.values();
  expect(stored).toMatchObject({ state: 'waiting', watermark: null });
  expect(payments.shop.premium.documents.size).toBe(0);
  expect(payments.logged()).toContain('order-mismatch');
});

it('makes no difference in a message: only what Tiki answers is believed', async () => {
  const payments = await startPayments();
  const order = await payments.place({ planId: 'year' });
  payments.tiki.setFault({
    ...{ path: 'ipn', times: 1 },
    fault: { kind: 'order', members: { grand_total: '1' } },
  });
  await payments.pay(order);

  expect(payments.lastAnswer()).toBe(200);
  expect([...payments.shop.orders.values()]).toMatchObject([{ state: 'paid', priceVnd: 490_000 }]);
});

it('is not opened by a message that says paid of an order that is not', async () => {
  const payments = await startPayments();
  const order = await payments.place();
  payments.tiki.setFault({
    ...{ path: 'ipn', times: 1 },
    fault: { kind: 'order', members: { status: '"online_paid"' } },
  });
  payments.tiki.trigger({ orderId: order.orderId ?? '', status: 'canceled' });
  await payments.tiki.advance(0);

  expect(payments.lastAnswer()).toBe(200);
  expect([...payments.shop.orders.values()]).toMatchObject([{ state: 'canceled', paidAt: null }]);
});
