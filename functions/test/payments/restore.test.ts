import { DAY_MS } from '../../src/premium/purchase';
import { HOUR_MS, memoryShop } from './support/memory-shop';

/*
 * A restored database is as old as its export, while Tiki and Firebase Auth are of today. The steps are
 * those of docs/runbook.md, "Restore Firestore".
 */

const KEPT = 'tiki:1';
const PAID_AFTER = 'tiki:2';
const REFUNDED_AFTER = 'tiki:3';
const BOUGHT_AFTER = 'tiki:4';
const REVOKED_AFTER = 'tiki:5';

async function restored() {
  const shop = memoryShop();
  const { premium, tiki, orders } = shop;
  const process = shop.process();
  for (const uid of [KEPT, PAID_AFTER, REFUNDED_AFTER, BOUGHT_AFTER, REVOKED_AFTER]) {
    premium.accounts.set(uid, {});
  }
  const order = async (uid: string) => {
    const placed = (await process.press(uid, 'month', 'a-key-of-16-chars')).order;
    return { reference: placed.reference, atTiki: placed.orderId ?? '' };
  };
  const become = async (atTiki: string, progress: 'paid' | 'canceled') => {
    tiki.become(atTiki, progress);
    for (const message of tiki.messages.splice(0)) await (await process.take(message)).projected;
  };

  const waiting = await order(PAID_AFTER);
  for (const uid of [KEPT, REFUNDED_AFTER]) await become((await order(uid)).atTiki, 'paid');
  const refunded = [...orders.values()].find(({ uid }) => uid === REFUNDED_AFTER);
  await premium.service.grant(REVOKED_AFTER, { id: 'gift', days: 30 });
  const saved = { orders: new Map(orders), documents: new Map(premium.documents) };

  premium.now += HOUR_MS;
  await become(waiting.atTiki, 'paid');
  await become(refunded?.orderId ?? '', 'canceled');
  const lost = await order(BOUGHT_AFTER);
  await become(lost.atTiki, 'paid');
  await premium.service.revoke(REVOKED_AFTER, { id: 'gift' });

  premium.now += HOUR_MS;
  orders.clear();
  premium.documents.clear();
  for (const [reference, stored] of saved.orders) orders.set(reference, stored);
  for (const [uid, stored] of saved.documents) premium.documents.set(uid, stored);
  const premiumOf = (uid: string) => premium.accounts.get(uid)?.['premiumUntil'];
  return { shop, process, lost, premiumOf };
}

it('a restored database loses and invents no premium, in the steps of the runbook', async () => {
  const { shop, process, lost, premiumOf } = await restored();
  const { premium } = shop;
  const kept = premiumOf(KEPT);
  const until = premium.now + 30 * DAY_MS;

  // Tiki knows what became of each order that the export has.
  expect(await process.reconcile()).toMatchObject({ findings: [] });
  expect(premiumOf(PAID_AFTER)).toBe(until);
  expect(premiumOf(REFUNDED_AFTER)).toBeUndefined();

  // Accounts know what the export has not.
  const found = await premium.reconcile({ fix: false });
  expect(found.drifts.map(({ uid, kind }) => [uid, kind])).toEqual([
    [REVOKED_AFTER, 'claims-missing'],
    [BOUGHT_AFTER, 'claims-extra'],
  ]);
  await premium.service.grant(BOUGHT_AFTER, { id: `order-${lost.reference}`, days: 30 });
  await premium.service.revoke(REVOKED_AFTER, { id: 'gift' });

  expect((await premium.reconcile({ fix: true })).drifts).toEqual([]);
  expect([premiumOf(BOUGHT_AFTER), premiumOf(REVOKED_AFTER)]).toEqual([until, undefined]);
  expect(premiumOf(KEPT)).toBe(kept);
  // Nothing is given a second time.
  await process.reconcile();
  expect(premiumOf(PAID_AFTER)).toBe(until);
});

it('the daily run would follow the old documents, so it is paused first', async () => {
  const { shop, premiumOf } = await restored();
  await shop.premium.reconcile({ fix: true });
  expect(premiumOf(BOUGHT_AFTER)).toBeUndefined();
  expect(premiumOf(REVOKED_AFTER)).toBeGreaterThan(shop.premium.now);
});
