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
const DELETED_AFTER = 'tiki:7';
const EXPIRED_SINCE = 'tiki:8';
const ALL = [KEPT, PAID_AFTER, REFUNDED_AFTER, BOUGHT_AFTER, REVOKED_AFTER, BOTH, EXPIRED_SINCE];

/** @param age How long ago the accident was, ms */
async function restored(age: number) {
  const shop = memoryShop();
  const { premium, tiki, orders } = shop;
  const process = shop.process();
  for (const uid of [...ALL, DELETED_AFTER]) premium.accounts.set(uid, {});
  let presses = 0;
  const order = async (uid: string) =>
    (await process.press(uid, 'month', `a-key-of-16-chars-${(presses += 1)}`)).order.orderId ?? '';
  const become = async (atTiki: string, progress: 'paid' | 'canceled') => {
    tiki.become(atTiki, progress);
    for (const message of tiki.messages.splice(0)) await (await process.take(message)).projected;
  };

  const waiting = await order(PAID_AFTER);
  const waitingToo = await order(BOTH);
  await become(await order(KEPT), 'paid');
  const refunded = await order(REFUNDED_AFTER);
  await become(refunded, 'paid');
  await premium.service.grant(REVOKED_AFTER, { id: 'gift', days: 30 });
  await premium.service.grant(DELETED_AFTER, { id: 'gift', days: 365 });
  const saved = { orders: new Map(orders), documents: new Map(premium.documents) };

  // The time between.
  premium.now += HOUR_MS;
  const exportedAt = premium.now;
  await become(waiting, 'paid');
  await become(waitingToo, 'paid');
  await become(await order(BOTH), 'paid');
  await become(refunded, 'canceled');
  await become(await order(BOUGHT_AFTER), 'paid');
  await premium.service.revoke(REVOKED_AFTER, { id: 'gift' });
  await premium.service.remove(DELETED_AFTER);
  await premium.service.grant(EXPIRED_SINCE, { id: 'gift', days: 1 });
  const ends = () =>
    Object.fromEntries(ALL.map((uid) => [uid, premium.documents.get(uid)?.premiumUntil ?? null]));
  const before = ends();

  premium.now += age;
  orders.clear();
  premium.documents.clear();
  for (const [reference, stored] of saved.orders) orders.set(reference, stored);
  for (const [uid, stored] of saved.documents) premium.documents.set(uid, stored);
  /** As the command reads it. */
  const repeat = () =>
    replay(
      premium.audit.filter(({ at }) => at >= exportedAt),
      premium.service,
    );
  return { shop, process, ends, before, repeat };
}

it.each([
  ['an hour', HOUR_MS],
  ['five days', 5 * DAY_MS],
  ['forty days', 40 * DAY_MS],
])('a restore %s after the accident loses and invents no premium', async (_, age) => {
  const { shop, process, ends, before, repeat } = await restored(age);
  const { premium } = shop;
  expect(ends()).not.toEqual(before);

  // The audit trail knows what was bought, refunded and revoked, and when.
  const deleted = { uid: DELETED_AFTER, why: 'deleted' };
  expect(await repeat()).toEqual({ customers: 7, changed: 6, left: [deleted] });
  expect(ends()).toEqual(before);
  await premium.service.remove(DELETED_AFTER);

  // Tiki knows what became of each order that the export has.
  expect(await process.reconcile()).toMatchObject({ findings: [], isFinished: true });
  expect(ends()).toEqual(before);
  const { drifts } = await premium.reconcile({ fix: false });
  expect(drifts.filter(({ kind }) => kind !== 'claims-extra')).toEqual([]);
  await premium.reconcile({ fix: true });
  for (const uid of ALL) {
    const { account, premium: isPremium } = await premium.service.show(uid);
    const claims = isPremium ? { premiumAccount: true, premiumUntil: before[uid] } : {};
    expect([uid, account?.claims]).toEqual([uid, claims]);
  }
  expect(premium.documents.has(DELETED_AFTER)).toBe(false);

  // Nothing is given a second time.
  expect(await repeat()).toMatchObject({ changed: 0, left: [] });
  await process.reconcile();
  expect(ends()).toEqual(before);
});

it('what customers buy before the trail is repeated is added to it', async () => {
  const { shop, ends, before, repeat } = await restored(HOUR_MS);
  await shop.premium.service.grant(BOTH, { id: 'meanwhile', days: 30 });
  await repeat();
  expect(ends()).toEqual({ ...before, [BOTH]: Number(before[BOTH]) + 30 * DAY_MS });
});

it('names a customer whose changes cannot be repeated, and repeats those of the others', async () => {
  const { shop, before, ends, repeat } = await restored(HOUR_MS);
  const { premium } = shop;
  const entry = premium.audit.find(({ uid, premium: change }) => uid === PAID_AFTER && change);
  const [id = ''] = Object.keys(entry?.premium?.after?.purchases ?? {});
  await premium.service.grant(PAID_AFTER, { id, days: 7 });
  expect(await repeat()).toMatchObject({
    changed: 5,
    left: expect.arrayContaining([{ uid: PAID_AFTER, why: 'conflicting-purchase' }]) as unknown,
  });
  expect({ ...ends(), [PAID_AFTER]: before[PAID_AFTER] }).toEqual(before);
});

it('the daily run would follow the old documents, so it is paused first', async () => {
  const { shop } = await restored(HOUR_MS);
  const { premium } = shop;
  await premium.reconcile({ fix: true });
  expect(premium.accounts.get(BOUGHT_AFTER)?.['premiumUntil']).toBeUndefined();
  expect(premium.accounts.get(REVOKED_AFTER)?.['premiumUntil']).toBeGreaterThan(premium.now);
});
