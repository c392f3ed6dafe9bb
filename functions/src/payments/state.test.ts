import type { OrderProgress, PlatformOrder } from '../providers/provider';
import { ORDER_STATES, type Order } from './order';
import { CREATING_MS, nextLook, type Look } from './next-look';
import { advance, completeAt, differenceOf, mismatchOf, NEXT_STATE } from './state';

const NOW = 1_000_000_000_000;
const HOUR_MS = 3_600_000;
const REFERENCE = `o${'a'.repeat(31)}`;

const order: Order = {
  reference: REFERENCE,
  ...{ uid: 'tiki:1', customerId: '1', planId: 'month', name: { vi: 'a', en: 'a' } },
  ...{ priceVnd: 49_000, days: 30, state: 'waiting', orderId: '88', platformStatus: 'draft' },
  ...{ watermark: null, createdAt: NOW, sentAt: NOW, sentBy: 'a', updatedAt: NOW, dueAt: null },
  ...{ paidAt: null, completedAt: null, canceledAt: null, refundedAt: null },
  ...{ refundMs: 24 * HOUR_MS, troubleSince: null },
};
const atTiki = (progress: OrderProgress, changes: Partial<PlatformOrder> = {}): PlatformOrder => ({
  ...{ id: '88', status: progress, progress, amountVnd: 49_000n, reference: REFERENCE },
  ...changes,
});

describe('the table of states', () => {
  it('has a row for each state, and ends in the final ones', () => {
    expect(Object.keys(NEXT_STATE).sort()).toEqual([...ORDER_STATES].sort());
    for (const final of ['completed', 'canceled'] as const) {
      expect([...new Set(Object.values(NEXT_STATE[final]))]).toEqual([final]);
    }
  });

  it('never leads from paid to not paid', () => {
    expect([...new Set(Object.values(NEXT_STATE.paid))].sort()).toEqual([
      'canceled',
      'completed',
      'paid',
    ]);
  });

  it('leads to paid by a payment alone', () => {
    for (const state of ['creating', 'abandoned', 'waiting'] as const) {
      const paying = Object.entries(NEXT_STATE[state]).filter(([, next]) => next === 'paid');
      expect(paying.map(([progress]) => progress)).toEqual(['paid']);
    }
  });
});

describe('advance', () => {
  it('is the same object where nothing is new', () => {
    expect(advance(order, atTiki('waiting', { status: 'draft' }), NOW + 1)).toBe(order);
    const paid = advance(order, atTiki('paid'), NOW);
    expect(advance(paid, atTiki('waiting'), NOW + 1)).toBe(paid);
    expect(advance(paid, atTiki('delivering'), NOW + 1)).toBe(paid);
  });

  it('keeps the first time of each step', () => {
    const paid = advance(order, atTiki('paid'), NOW + 1);
    const completed = advance(paid, atTiki('completed'), NOW + 2);
    expect(completed).toMatchObject({ paidAt: NOW + 1, completedAt: NOW + 2, refundedAt: null });
    const missed = advance(order, atTiki('completed'), NOW + 3);
    expect(missed).toMatchObject({ paidAt: NOW + 3, completedAt: NOW + 3 });
  });

  it('is a refund only after a payment', () => {
    expect(advance(order, atTiki('canceled'), NOW + 1)).toMatchObject({ refundedAt: null });
    const paid = advance(order, atTiki('paid'), NOW + 1);
    expect(advance(paid, atTiki('canceled'), NOW + 2)).toMatchObject({ refundedAt: NOW + 2 });
  });

  it('learns the id of an order that was abandoned', () => {
    const abandoned: Order = { ...order, state: 'abandoned', orderId: null };
    expect(advance(abandoned, atTiki('waiting'), NOW)).toMatchObject({
      state: 'waiting',
      orderId: '88',
    });
  });
});

it.each<[string, Partial<PlatformOrder>]>([
  ['reference', { reference: undefined }],
  ['reference', { reference: `o${'b'.repeat(31)}` }],
  ['order-id', { id: '89' }],
  ['amount', { amountVnd: 48_999n }],
  ['amount', { amountVnd: -49_000n }],
  ['amount', { amountVnd: 2n ** 64n + 49_000n }],
])('an order with another %s is another one', (mismatch, changes) => {
  expect(mismatchOf(order, atTiki('paid', changes))).toBe(mismatch);
  expect(mismatchOf(order, atTiki('paid'))).toBeUndefined();
});

it.each<[Order['state'], OrderProgress, string | undefined]>([
  ['waiting', 'waiting', undefined],
  ['waiting', 'unknown', 'state'],
  ['paid', 'delivering', undefined],
  ['paid', 'waiting', 'state'],
  ['completed', 'canceled', 'state'],
  ['canceled', 'paid', 'state'],
])('%s here and %s at Tiki: %s', (state, progress, what) => {
  expect(differenceOf({ ...order, state }, atTiki(progress))).toBe(what);
});

it('may be completed when the time for refunds that it was ordered with is over', () => {
  expect(completeAt(order)).toBe(Infinity);
  expect(completeAt({ ...order, paidAt: NOW })).toBe(NOW + 24 * HOUR_MS);
});

describe('the next look at an order', () => {
  const due = (changes: Partial<Order>, now = NOW, look: Partial<Look> = {}) =>
    nextLook({ ...order, ...changes }, { now, isPending: false, ...look });
  /** NOW is 46 minutes and 40 seconds after a full hour. */
  const FULL_HOUR = NOW + 800_000;

  it('is soon while the account has yet to get the claims, in any state', () => {
    for (const state of ORDER_STATES) {
      expect(due({ state }, NOW, { isPending: true })).toBe(NOW + 60_000);
    }
  });

  it('is never, once it is final', () => {
    for (const trouble of [undefined, 'passing', 'lasting'] as const) {
      expect(due({ state: 'completed' }, NOW, { trouble })).toBeNull();
      expect(due({ state: 'canceled' }, NOW, { trouble })).toBeNull();
      expect(due({ state: 'abandoned', orderId: null }, NOW, { trouble })).toBeNull();
    }
  });

  it('comes when its creation must be over', () => {
    expect(due({ state: 'creating' })).toBe(NOW + CREATING_MS);
    expect(due({ state: 'creating', sentAt: null })).toBe(NOW + HOUR_MS);
  });

  it('becomes rarer while it waits for a payment', () => {
    const after = (ms: number) => (due({}, NOW + ms) ?? 0) - (NOW + ms);
    expect(after(0)).toBe(5 * 60_000);
    expect(after(2 * HOUR_MS)).toBe(HOUR_MS);
    expect(after(1_000 * HOUR_MS)).toBe(24 * HOUR_MS);
  });

  it('is at the full hour after the payment, so that one run sees all paid orders', () => {
    const paid: Partial<Order> = { state: 'paid', paidAt: NOW };
    expect(due(paid)).toBe(FULL_HOUR);
    expect(due(paid, FULL_HOUR - 1)).toBe(FULL_HOUR);
    expect(due(paid, FULL_HOUR)).toBe(FULL_HOUR + HOUR_MS);
    expect(due(paid, NOW, { trouble: 'lasting' })).toBe(FULL_HOUR);
  });

  it('is soon after a failure that may pass, and not before the next hour where it lasts', () => {
    for (const state of ['waiting', 'paid'] as const) {
      expect(due({ state }, NOW, { trouble: 'passing' })).toBe(NOW + 5 * 60_000);
      expect(due({ state }, NOW, { trouble: 'lasting' })).toBe(FULL_HOUR);
    }
    const pending = { isPending: true, trouble: 'lasting' } as const;
    expect(due({ state: 'canceled' }, NOW, pending)).toBe(FULL_HOUR);
    expect(due({ createdAt: NOW - 10 * HOUR_MS }, NOW, { trouble: 'lasting' })).toBe(
      NOW + 5 * HOUR_MS,
    );
  });
});
