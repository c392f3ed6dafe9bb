import { DAY_MS } from '../../src/premium/purchase';
import { replay } from '../../src/premium/replay';
import { HOUR_MS, memoryShop } from './support/memory-shop';

/*
 * A restored database is as old as its export, while Tiki, Firebase Auth and the audit trail are of today.
 * The steps are those of docs/runbook.md, "Restore Firestore".
 */

const KEPT = 'tiki:1';
const PAID_AFTER = 'tiki:2';
const REFUNDED_AFTER = 'tiki:3';
const BOUGHT_AFTER = 'tiki:4';
const REVOKED_AFTER = 'tiki:5';
/** Has an order that the export knows as waiting, and another that it does not know. */
const BOTH = 'tiki:6';
const EXPIRED_SINCE = 'tiki:8';
const ALL = [KEPT, PAID_AFTER, REFUNDED_AFTER, BOUGHT_AFTER, REVOKED_AFTER, BOTH, EXPIRED_SINCE];
const DELETED_AFTER = 'tiki:7';
/** Was deleted with an order that the export knows as waiting. */
const DELETED_BUYER = 'tiki:9';
/** Was deleted, and has bought again since. */
const BACK = 'tiki:10';

/** @param age How long ago the accident was, ms */
async function restored(age: number) {
  const shop = memoryShop();
  const { premium, tiki, orders } = shop;
  const process = shop.process();
  for (const uid of [...ALL, DELETED_AFTER, DELETED_BUYER, BACK]) premium.accounts.set(uid, {});
  let presses = 0;
  const order = async (uid: string) =>
    (await process.press(uid, 'month', `a-key-of-16-chars-${(presses += 1)}`)).order.orderId ?? '';
  const become = async (atTiki: string, progress: 'paid' | 'canceled') => {
    tiki.become(atTiki, progress);
    for (const message of tiki.messages.splice(0)) await (await process.take(message)).projected;
  };

  const waiting = await Promise.all([PAID_AFTER, BOTH, DELETED_BUYER].map(order));
  await become(await order(KEPT), 'paid');
  const refunded = await order(REFUNDED_AFTER);
  await become(refunded, 'paid');
  await premium.service.grant(REVOKED_AFTER, { id: 'gift', days: 30 });
  for (const uid of [DELETED_AFTER, BACK]) {
    await premium.service.grant(uid, { id: 'gift', days: 365 });
  }
  const saved = { orders: new Map(orders), documents: new Map(premium.documents) };

  // The time between.
  premium.now += HOUR_MS;
  const exportedAt = premium.now;
  for (const atTiki of waiting) await become(atTiki, 'paid');
  await become(await order(BOTH), 'paid');
  await become(refunded, 'canceled');
  const lost = await order(BOUGHT_AFTER);
  await become(lost, 'paid');
  await premium.service.revoke(REVOKED_AFTER, { id: 'gift' });
  for (const uid of [DELETED_AFTER, DELETED_BUYER, BACK]) await premium.service.remove(uid);
  await premium.service.grant(BACK, { id: 'again', days: 30 });
  await premium.service.grant(EXPIRED_SINCE, { id: 'gift', days: 1 });
  const ends = () =>
    Object.fromEntries(ALL.map((uid) => [uid, premium.documents.get(uid)?.premiumUntil ?? null]));
  const before = ends();
  const deleted = [DELETED_BUYER, DELETED_AFTER, BACK].map((uid) => ({ uid, at: exportedAt }));

  premium.now += age;
  orders.clear();
  premium.documents.clear();
  for (const [reference, stored] of saved.orders) orders.set(reference, stored);
  for (const [uid, stored] of saved.documents) premium.documents.set(uid, stored);
  /** As the command reads it. */
  const repeat = () =>
    replay(
      premium.audit.filter(({ at }) => at >= exportedAt),
      {
        service: premium.service,
        withoutOrder: (references) =>
          Promise.resolve(references.filter((reference) => !orders.has(reference))),
      },
    );
  return { shop, process, ends, before, deleted, lost, repeat };
}

it.each([
  ['an hour', HOUR_MS],
  ['five days', 5 * DAY_MS],
  ['forty days', 40 * DAY_MS],
])('a restore %s after the accident loses and invents no premium', async (_, age) => {
  const { shop, process, ends, before, deleted, repeat } = await restored(age);
  const { premium } = shop;
  expect(ends()).not.toEqual(before);

  // The audit trail knows what was bought, refunded and revoked, and when.
  const repeated = await repeat();
  expect(repeated).toMatchObject({ customers: 7, changed: 7, left: [], deleted });
  expect(repeated.lostOrders.map(({ uid }) => uid)).toEqual([BOTH, BOUGHT_AFTER]);
  expect(ends()).toEqual(before);

  // Tiki knows what became of each order that the export has.
  expect(await process.reconcile()).toMatchObject({ findings: [], isFinished: true });
  expect(ends()).toEqual(before);

  // Now no order brings them back.
  for (const uid of [DELETED_AFTER, DELETED_BUYER]) await premium.service.remove(uid);
  await premium.service.revoke(BACK, { id: 'gift' });

  const { drifts } = await premium.reconcile({ fix: false });
  expect(drifts.filter(({ kind }) => kind !== 'claims-extra')).toEqual([]);
  await premium.reconcile({ fix: true });
  for (const uid of ALL) {
    const { account, premium: isPremium } = await premium.service.show(uid);
    const claims = isPremium ? { premiumAccount: true, premiumUntil: before[uid] } : {};
    expect([uid, account?.claims]).toEqual([uid, claims]);
  }
  for (const uid of [DELETED_AFTER, DELETED_BUYER]) {
    expect([premium.documents.has(uid), premium.accounts.has(uid)]).toEqual([false, false]);
  }
  const { entitlement } = await premium.service.show(BACK);
  const again = entitlement?.purchases.find(({ id }) => id === 'again');
  expect(entitlement?.premiumUntil).toBe((again?.at ?? 0) + 30 * DAY_MS);

  // Nothing is given a second time.
  expect(await repeat()).toMatchObject({ changed: 0, left: [] });
  await process.reconcile();
  expect(ends()).toEqual(before);
});

it('an order that is lost, and that Tiki has paid back since, is revoked by its name', async () => {
  const { shop, repeat, lost } = await restored(HOUR_MS);
  shop.tiki.become(lost, 'canceled');
  const { lostOrders } = await repeat();
  const [order] = lostOrders.filter(({ uid }) => uid === BOUGHT_AFTER);
  await shop.premium.service.revoke(BOUGHT_AFTER, { id: `order-${order?.reference ?? ''}` });

  expect(await repeat()).toMatchObject({ changed: 0, left: [] });
  expect(shop.premium.documents.get(BOUGHT_AFTER)?.premiumUntil).toBeNull();
});

it('what customers buy before the trail is repeated is added to it', async () => {
  const { shop, ends, before, repeat } = await restored(HOUR_MS);
  await shop.premium.service.grant(BOTH, { id: 'meanwhile', days: 30 });
  await repeat();
  expect(ends()).toEqual({ ...before, [BOTH]: Number(before[BOTH]) + 30 * DAY_MS });
});

it('names a purchase that cannot be repeated, and repeats all others', async () => {
  const { shop, before, ends, repeat } = await restored(HOUR_MS);
  const { premium } = shop;
  const ofBoth = premium.audit.filter(({ uid, premium: change }) => uid === BOTH && change);
  const [id = ''] = Object.keys(ofBoth[0]?.premium?.after?.purchases ?? {});
  premium.documents.delete(BOTH);
  // As if somebody had corrected it by hand.
  await premium.process().service.grant(BOTH, { id, days: 7 });
  premium.audit.pop();

  const why = 'conflicting-purchase';
  expect(await repeat()).toMatchObject({ changed: 7, left: [{ uid: BOTH, id, why }] });
  expect({ ...ends(), [BOTH]: before[BOTH] }).toEqual(before);
  expect(premium.documents.get(BOTH)?.purchases).toHaveLength(2);
});

it('the daily run would follow the old documents, so it is paused first', async () => {
  const { shop } = await restored(HOUR_MS);
  const { premium } = shop;
  await premium.reconcile({ fix: true });
  expect(premium.accounts.get(BOUGHT_AFTER)?.['premiumUntil']).toBeUndefined();
  expect(premium.accounts.get(REVOKED_AFTER)?.['premiumUntil']).toBeGreaterThan(premium.now);
});
