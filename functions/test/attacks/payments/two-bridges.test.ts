import { startPayments } from '../../payments/support/payments';

it('do not take each other’s orders, where they share a Tiki app', async () => {
  const ours = await startPayments();
  const theirs = await startPayments({ tiki: ours.tiki });
  const order = await theirs.place({ customerId: '5' });
  // Tiki has one address for the notifications of an app.
  await ours.pay(order);

  expect(ours.lastAnswer()).toBe(401);
  expect(ours.shop.orders.size).toBe(0);
  expect(ours.shop.premium.documents.size).toBe(0);
  expect(ours.logged()).toContain('an order that this bridge did not create');

  // The bridge whose order it is finds it by asking Tiki.
  theirs.shop.premium.now += 3_600_000;
  await theirs.reconcile();
  expect([...theirs.shop.orders.values()]).toMatchObject([{ state: 'paid' }]);
});

it('do not take an order that the other one created with our reference', async () => {
  const ours = await startPayments();
  const order = await ours.place();
  const [atTiki] = ours.tiki.orders();
  expect(atTiki?.referenceId).toBe(order.reference);
  // A second order of Tiki's with the same reference: another key, the same app.
  ours.tiki.setFault({
    ...{ path: 'ipn', times: 1 },
    fault: { kind: 'order', members: { reference_id: `"${order.reference}"` } },
  });
  ours.tiki.setFault({
    ...{ path: '/order', times: 1 },
    fault: { kind: 'order', members: { reference_id: `"${order.reference}"` } },
  });
  const second = await ours.place({ key: 'another-key-0123456789' });
  await ours.pay(second);

  expect(ours.lastAnswer()).toBe(401);
  expect([...ours.shop.orders.values()]).toMatchObject([
    { state: 'waiting' },
    { state: 'waiting' },
  ]);
});

it('do not take a payment for an order of ours whose creation is unclear', async () => {
  const ours = await startPayments();
  ours.tiki.setFault({ path: '/order/multi-sku', fault: { kind: 'garbage' } });
  const headers = { ...ours.bearer('1'), 'Idempotency-Key': 'a-key-of-16-chars' };
  expect((await ours.ask('/orders', { body: { planId: 'month' }, headers })).status).toBe(502);
  const [abandoned] = ours.shop.orders.values();
  const other = await ours.place({ customerId: '2' });
  // A message that says it is about our order, of the same amount, and names the paid one.
  ours.tiki.setFault({
    ...{ path: 'ipn', times: 1 },
    fault: { kind: 'order', members: { reference_id: `"${abandoned?.reference ?? ''}"` } },
  });
  await ours.pay(other);

  expect(ours.lastAnswer()).toBe(401);
  expect([...ours.shop.orders.values()]).toMatchObject([
    { state: 'abandoned', orderId: null },
    { state: 'waiting' },
  ]);
});
