import { startPayments } from '../../payments/support/payments';

it('leaves an open order as it was when its plan is repriced or removed', async () => {
  const before = await startPayments();
  const order = await before.place();
  const other = await before.place({ planId: 'year', key: 'another-key-0123456789' });

  // Deployed again while both orders are open.
  const plans = [{ id: 'month', name: { vi: 'Đắt hơn', en: 'Dearer' }, priceVnd: 99_000, days: 7 }];
  const { tiki, shop } = before;
  const after = await startPayments({ plans, tiki, shop });
  tiki.registerIpnUrl(`${after.origin}/tiki_ipn`);
  await after.pay(order);
  await after.pay(other);

  expect([...shop.orders.values()]).toMatchObject([
    { state: 'paid', priceVnd: 49_000, days: 30, name: { en: '1 month' } },
    { state: 'paid', priceVnd: 490_000, days: 365 },
  ]);
  expect(shop.premium.documents.get('tiki:1001')?.purchases).toMatchObject([
    { days: 30 },
    { days: 365 },
  ]);
  // The same press is still the same order, also of a plan that is gone.
  expect(await after.place({ planId: 'year', key: 'another-key-0123456789' })).toMatchObject({
    reference: other.reference,
    priceVnd: 490_000,
  });
});
