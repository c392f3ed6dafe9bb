import { auditEntry, type Changed } from './audit';
import { nextVersion } from './document';

const bought = (ids: readonly string[], status: 'active' | 'cancelled' = 'active') =>
  nextVersion(
    undefined,
    ids.map((id) => ({ id, at: 1_000, days: 1, status })),
    1_000,
  );
const changed = (change: Partial<Changed>): Changed => ({
  ...{ by: 'tiki', uid: 'tiki:1', now: 2_000 },
  ...change,
});
const order = { state: 'waiting', priceVnd: 49_000, refundedAt: null };

it('has what a transaction changes, small', () => {
  const before = bought(['a', 'b']);
  const after = { ...nextVersion(before, bought(['a', 'b', 'c']).purchases, 2_000) };
  const entry = auditEntry(
    changed({
      premium: { before, after },
      // Much more is stored of an order.
      order: { reference: 'o1', before: order, after: { ...order, state: 'paid', ...{ x: 1 } } },
    }),
  );
  expect(entry).toEqual({
    ...{ at: 2_000, by: 'tiki', uid: 'tiki:1', reference: 'o1' },
    order: { before: order, after: { ...order, state: 'paid' } },
    premium: {
      before: { premiumUntil: before.premiumUntil, version: 1, purchases: {} },
      after: {
        premiumUntil: after.premiumUntil,
        version: 2,
        purchases: { c: { at: 1_000, days: 1, status: 'active' } },
      },
    },
    auditExpiresAt: new Date(2_000 + 400 * 86_400_000),
  });
});

it('has a purchase that turned out to be older', () => {
  const before = bought(['a', 'b']);
  const purchases = before.purchases.map((it) => (it.id === 'a' ? { ...it, at: 500 } : it));
  const entry = auditEntry(
    changed({ premium: { before, after: nextVersion(before, purchases, 2_000) } }),
  );
  expect(entry?.premium).toMatchObject({
    before: { purchases: { a: { at: 1_000 } } },
    after: { purchases: { a: { at: 500 } } },
  });
});

it('fits into a document with all purchases that a user can have', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `order-${'x'.repeat(60)}-${index}`);
  const after = { ...bought(ids, 'cancelled'), version: 2 };
  const entry = auditEntry(changed({ premium: { before: bought(ids), after } }));
  expect(Object.keys(entry?.premium?.after?.purchases ?? {})).toHaveLength(1_000);
  // Firestore takes 1 MiB.
  expect(JSON.stringify(entry).length).toBeLessThan(500_000);
});

it('has the deletion of a document that nobody can read', () => {
  expect(auditEntry(changed({ premium: { before: undefined, after: undefined } }))).toMatchObject({
    premium: { before: null, after: null },
  });
});

it.each<[string, Partial<Changed>]>([
  [
    'who may write to the account',
    {
      premium: {
        before: bought(['a']),
        after: { ...bought(['a']), lease: { holder: 'x', until: 9 } },
      },
    },
  ],
  ['when to look at an order next', { order: { reference: 'o1', before: order, after: order } }],
  ['nothing', {}],
])('has no entry about %s', (_, change) => {
  expect(auditEntry(changed(change))).toBeUndefined();
});
