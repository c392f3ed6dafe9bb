import fc from 'fast-check';
import { thrown } from '../../test/premium/thrown';
import { MAX_PURCHASES, premiumUntilOf, recordPurchase } from './entitlement';
import { DAY_MS, MAX_DAYS, MAX_INSTANT, type Purchase } from './purchase';

const instant = fc.integer({ min: 0, max: MAX_INSTANT });
const near = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_000 + 90 * DAY_MS });
const at = fc.oneof({ weight: 4, arbitrary: near }, instant);
const status = fc.constantFrom('active', 'cancelled');
const days = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: MAX_DAYS }));
const purchase: fc.Arbitrary<Purchase> = fc.oneof(
  fc.record({ id: fc.uuid(), at, status, days }),
  fc.record({ id: fc.uuid(), at, status, until: at }),
);
const purchases = fc.uniqueArray(purchase, { selector: ({ id }) => id, maxLength: 12 });
const runs = { numRuns: 1_000 };

const recordAll = (events: readonly Purchase[]) =>
  events.reduce<readonly Purchase[]>(recordPurchase, []);

/** Shuffled reports of purchases: each at least once, some repeated, some paid then cancelled. */
const reports = purchases.chain((list) => {
  const all = list.flatMap((it): Purchase[] =>
    it.status === 'cancelled' ? [it, { ...it, status: 'active' }] : [it],
  );
  const repeated = fc.array(fc.nat(Math.max(0, all.length - 1)), { maxLength: 10 });
  return repeated
    .map((indices) => [...all, ...indices.flatMap((index) => all[index] ?? [])])
    .chain((events) =>
      fc.record({
        list: fc.constant(list),
        one: fc.shuffledSubarray(events, { minLength: events.length }),
        other: fc.shuffledSubarray(events, { minLength: events.length }),
      }),
    );
});

describe('premiumUntilOf', () => {
  const buy = (id: string, time: number, length: number): Purchase => ({
    id,
    at: time,
    days: length,
    status: 'active',
  });

  it('is undefined without purchases', () => {
    expect(premiumUntilOf([])).toBeUndefined();
  });

  it('starts at the purchase, and appends days bought while premium', () => {
    expect(premiumUntilOf([buy('a', 1_000, 30)])).toBe(1_000 + 30 * DAY_MS);
    expect(premiumUntilOf([buy('a', 1_000, 30), buy('b', 5_000, 7)])).toBe(1_000 + 37 * DAY_MS);
  });

  it('leaves a gap between an expiry and the next purchase', () => {
    const late = 1_000 + 40 * DAY_MS;
    expect(premiumUntilOf([buy('a', 1_000, 30), buy('b', late, 7)])).toBe(late + 7 * DAY_MS);
  });

  it('moves forward what was stacked on a cancelled purchase', () => {
    const cancelled: Purchase = { ...buy('a', 1_000, 30), status: 'cancelled' };
    expect(premiumUntilOf([cancelled, buy('b', 5_000, 7)])).toBe(5_000 + 7 * DAY_MS);
  });

  it('is never shortened by an absolute end, and stacks days on one', () => {
    const until: Purchase = { id: 'u', at: 2_000, until: 10 * DAY_MS, status: 'active' };
    expect(premiumUntilOf([buy('a', 1_000, 30), until])).toBe(1_000 + 30 * DAY_MS);
    expect(premiumUntilOf([until, buy('b', 3_000, 7)])).toBe(17 * DAY_MS);
  });

  it('does not change its argument', () => {
    const list = Object.freeze([buy('b', 2, 1), buy('a', 1, 1)]);
    expect(premiumUntilOf(list)).toBe(1 + 2 * DAY_MS);
  });

  it('ignores cancelled purchases', () => {
    fc.assert(
      fc.property(purchases, (list) => {
        const active = list.filter((it) => it.status === 'active');
        expect(premiumUntilOf(list)).toBe(premiumUntilOf(active));
      }),
      runs,
    );
  });

  it('never decreases when a purchase is added', () => {
    fc.assert(
      fc.property(purchases, purchase, (list, more) => {
        const before = premiumUntilOf(list) ?? 0;
        expect(premiumUntilOf([...list, more]) ?? 0).toBeGreaterThanOrEqual(before);
      }),
      runs,
    );
  });

  it('gives exactly the days bought when all are bought while premium', () => {
    fc.assert(
      fc.property(at, fc.array(days, { minLength: 1, maxLength: 20 }), (start, list) => {
        const bought = list.map((length, index) => buy(String(index), start + index, length));
        const sum = list.reduce((total, length) => total + length, 0);
        expect(premiumUntilOf(bought)).toBe(start + sum * DAY_MS);
      }),
      runs,
    );
  });

  it('is between the last start and the sum of all days, and always a safe integer', () => {
    fc.assert(
      fc.property(purchases, (list) => {
        const active = list.filter((it) => it.status === 'active');
        const end = premiumUntilOf(list);
        fc.pre(end !== undefined);
        const starts = active.map((it) => ('days' in it ? it.at + it.days * DAY_MS : it.until));
        const total = active.reduce((sum, it) => sum + ('days' in it ? it.days : 0), 0);
        const latest = Math.max(...active.map((it) => ('days' in it ? it.at : it.until)));
        expect(end).toBeGreaterThanOrEqual(Math.max(...starts));
        expect(end).toBeLessThanOrEqual(latest + total * DAY_MS);
        expect(Number.isSafeInteger(end)).toBe(true);
      }),
      runs,
    );
  });

  it('stays exact for the maximum of purchases and days', () => {
    const all = Array.from({ length: MAX_PURCHASES }, (_, index) =>
      buy(String(index), MAX_INSTANT, MAX_DAYS),
    );
    expect(premiumUntilOf(all)).toBe(MAX_INSTANT + MAX_PURCHASES * MAX_DAYS * DAY_MS);
    expect(Number.isSafeInteger(premiumUntilOf(all))).toBe(true);
  });
});

describe('recordPurchase', () => {
  it('gives the same purchases for any order and repetition of reports', () => {
    fc.assert(
      fc.property(reports, ({ list, one, other }) => {
        expect(recordAll(one)).toEqual(recordAll(other));
        expect(premiumUntilOf(recordAll(one))).toBe(premiumUntilOf(list));
      }),
      runs,
    );
  });

  it('is unchanged by a repeated report', () => {
    fc.assert(
      fc.property(reports, fc.nat(), ({ one }, pick) => {
        fc.pre(one.length > 0);
        const again = one[pick % one.length];
        const before = recordAll(one);
        expect(again && recordPurchase(before, again)).toEqual(before);
      }),
      runs,
    );
  });

  it('undoes a purchase when it is cancelled', () => {
    fc.assert(
      fc.property(purchases, fc.nat(), (list, pick) => {
        fc.pre(list.length > 0);
        const gone = list[pick % list.length];
        const cancelled = gone && recordPurchase(recordAll(list), { ...gone, status: 'cancelled' });
        expect(cancelled && premiumUntilOf(cancelled)).toBe(
          premiumUntilOf(list.filter((it) => it !== gone)),
        );
      }),
      runs,
    );
  });

  it('keeps the earlier of two times for one purchase, in either order', () => {
    const early: Purchase = { id: 'a', at: 1, days: 1, status: 'active' };
    const late: Purchase = { ...early, at: 2 };
    expect(recordAll([early, late])).toEqual([early]);
    expect(recordAll([late, early])).toEqual([early]);
  });

  it.each<[string, Purchase]>([
    ['other days', { id: 'a', at: 1, days: 2, status: 'active' }],
    ['an end instead of days', { id: 'a', at: 1, until: 5, status: 'active' }],
  ])('rejects a known id with %s', (_, reported) => {
    const known = recordAll([{ id: 'a', at: 1, days: 1, status: 'active' }]);
    expect(thrown(() => recordPurchase(known, reported)).code).toBe('conflicting-purchase');
  });

  it('cancels a known id whatever its terms are: an operator may have corrected them', () => {
    const known = recordAll([{ id: 'a', at: 1, days: 1, status: 'active' }]);
    const reported: Purchase = { id: 'a', at: 1, days: 2, status: 'cancelled' };
    expect(recordPurchase(known, reported)).toEqual([
      { id: 'a', at: 1, days: 1, status: 'cancelled' },
    ]);
  });

  it('limits the number of purchases, but accepts reports of known ones', () => {
    const full = Array.from({ length: MAX_PURCHASES }, (_, index): Purchase => ({
      id: String(index),
      at: index,
      days: 1,
      status: 'active',
    }));
    expect(
      thrown(() => recordPurchase(full, { id: 'x', at: 1, days: 1, status: 'active' })).code,
    ).toBe('too-many-purchases');
    const first = full[0];
    expect(first && recordPurchase(full, { ...first, status: 'cancelled' })).toHaveLength(
      MAX_PURCHASES,
    );
  });
});
