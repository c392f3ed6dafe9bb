import type { OrderProgress, PlatformOrder } from '../providers/provider';
import { ORDER_STATES, type Order } from './order';
import { advance, CREATING_MS, dueAt, mismatchOf, NEXT_STATE } from './state';

const NOW = 1_000_000_000_000;
const HOUR_MS = 3_600_000;
const REFERENCE = `o${'a'.repeat(31)}`;

const order: Order = {
  reference: REFERENCE,
  ...{ uid: 'tiki:1', customerId: '1', planId: 'month', name: { vi: 'a', en: 'a' } },
  ...{ priceVnd: 49_000, days: 30, state: 'waiting', orderId: '88', platformStatus: 'draft' },
  ...{ watermark: null, createdAt: NOW, sentAt: NOW, sentBy: 'a', updatedAt: NOW, dueAt: null },
  ...{ paidAt: null, completedAt: null, canceledAt: null, refundedAt: null },
};
const seen = (progress: OrderProgress, changes: Partial<PlatformOrder> = {}): PlatformOrder => ({
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
    expect(advance(order, seen('waiting', { status: 'draft' }), NOW + 1)).toBe(order);
    const paid = advance(order, seen('paid'), NOW);
    expect(advance(paid, seen('waiting'), NOW + 1)).toBe(paid);
    expect(advance(paid, seen('delivering'), NOW + 1)).toBe(paid);
  });

  it('keeps the first time of each step', () => {
    const paid = advance(order, seen('paid'), NOW + 1);
    const completed = advance(paid, seen('completed'), NOW + 2);
    expect(completed).toMatchObject({ paidAt: NOW + 1, completedAt: NOW + 2, refundedAt: null });
    const missed = advance(order, seen('completed'), NOW + 3);
    expect(missed).toMatchObject({ paidAt: NOW + 3, completedAt: NOW + 3 });
  });

  it('is a refund only after a payment', () => {
    expect(advance(order, seen('canceled'), NOW + 1)).toMatchObject({ refundedAt: null });
    const paid = advance(order, seen('paid'), NOW + 1);
    expect(advance(paid, seen('canceled'), NOW + 2)).toMatchObject({ refundedAt: NOW + 2 });
  });

  it('learns the id of an order that was abandoned', () => {
    const abandoned: Order = { ...order, state: 'abandoned', orderId: null };
    expect(advance(abandoned, seen('waiting'), NOW)).toMatchObject({
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
  expect(mismatchOf(order, seen('paid', changes))).toBe(mismatch);
  expect(mismatchOf(order, seen('paid'))).toBeUndefined();
});

describe('the next look at an order', () => {
  const due = (changes: Partial<Order>, now = NOW, isPending = false) =>
    dueAt({ ...order, ...changes }, { now, refundMs: 24 * HOUR_MS, isPending });

  it('is soon while the account has yet to get the claims, in any state', () => {
    for (const state of ORDER_STATES) expect(due({ state }, NOW, true)).toBe(NOW + 60_000);
  });

  it('is never, once it is final', () => {
    expect(due({ state: 'completed' })).toBeNull();
    expect(due({ state: 'canceled' })).toBeNull();
    expect(due({ state: 'abandoned', orderId: null })).toBeNull();
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

  it('is hourly after the payment, and at the end of the refund window', () => {
    const paid: Partial<Order> = { state: 'paid', paidAt: NOW };
    expect(due(paid)).toBe(NOW + HOUR_MS);
    expect(due(paid, NOW + 23.5 * HOUR_MS)).toBe(NOW + 24 * HOUR_MS);
    expect(due(paid, NOW + 24 * HOUR_MS)).toBe(NOW + 24 * HOUR_MS + 15 * 60_000);
  });
});
