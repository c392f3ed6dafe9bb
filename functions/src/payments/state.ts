import type { OrderProgress, PlatformOrder } from '../providers/provider';
import type { Order, OrderState } from './order';

// The states of an order, pure. What becomes of the user's premium is in record.ts.

/** While there is an order at Tiki that is not paid, its other words change nothing. */
const OPEN = {
  waiting: 'waiting',
  paid: 'paid',
  delivering: 'waiting',
  completed: 'completed',
  canceled: 'canceled',
  unknown: 'waiting',
} as const satisfies Record<OrderProgress, OrderState>;

/**
 * The state after Tiki has been asked, by the state before it. Answers may be late and overtake each
 * other, so no row leads back, and final rows lead nowhere.
 */
export const NEXT_STATE: Readonly<Record<OrderState, Readonly<Record<OrderProgress, OrderState>>>> =
  {
    creating: OPEN,
    abandoned: OPEN,
    waiting: OPEN,
    paid: {
      waiting: 'paid',
      paid: 'paid',
      delivering: 'paid',
      completed: 'completed',
      canceled: 'canceled',
      unknown: 'paid',
    },
    completed: {
      waiting: 'completed',
      paid: 'completed',
      delivering: 'completed',
      completed: 'completed',
      canceled: 'completed',
      unknown: 'completed',
    },
    canceled: {
      waiting: 'canceled',
      paid: 'canceled',
      delivering: 'canceled',
      completed: 'canceled',
      canceled: 'canceled',
      unknown: 'canceled',
    },
  };

/** What Tiki says of an order in this state, once both have been told everything. */
const AGREES: Readonly<Record<OrderState, readonly OrderProgress[]>> = {
  creating: [],
  abandoned: [],
  waiting: ['waiting', 'delivering'],
  paid: ['paid', 'delivering'],
  completed: ['completed'],
  canceled: ['canceled'],
};

/** How Tiki's order differs from the one that our document describes; undefined: it is that one. */
export type Mismatch = 'reference' | 'order-id' | 'amount';

/**
 * Whether an order of Tiki's is the one that we created. Everybody who has the app's secret can create
 * orders with any reference: another bridge with the same app, for one.
 */
export function mismatchOf(order: Order, atTiki: PlatformOrder): Mismatch | undefined {
  if (atTiki.reference !== order.reference) return 'reference';
  if (order.orderId !== null && order.orderId !== atTiki.id) return 'order-id';
  // What is cancelled gives nothing, whatever it cost.
  const isSame = atTiki.amountVnd === BigInt(order.priceVnd) || atTiki.progress === 'canceled';
  return isSame ? undefined : 'amount';
}

/** How an order and Tiki's differ; undefined: they agree. */
export function differenceOf(order: Order, atTiki: PlatformOrder): Mismatch | 'state' | undefined {
  return (
    mismatchOf(order, atTiki) ??
    (AGREES[order.state].includes(atTiki.progress) ? undefined : 'state')
  );
}

/**
 * An order of which is known that it was paid, while Tiki only says that it is being delivered: cash on
 * delivery gets there without a payment.
 */
export function knownToBePaid(atTiki: PlatformOrder): PlatformOrder {
  return atTiki.progress === 'delivering' ? { ...atTiki, progress: 'paid' } : atTiki;
}

/**
 * The order after Tiki has been asked; the same object if nothing changed.
 *
 * @param atTiki Must match: see `mismatchOf`.
 * @param now Epoch ms on Firestore's clock.
 */
export function advance(order: Order, atTiki: PlatformOrder, now: number): Order {
  const state = NEXT_STATE[order.state][atTiki.progress];
  const isMoved = state !== order.state;
  // A late answer must not put an older word beside a newer state.
  const platformStatus = isMoved || state === 'waiting' ? atTiki.status : order.platformStatus;
  if (!isMoved && platformStatus === order.platformStatus && order.orderId !== null) return order;
  const isPaid = state === 'paid' || state === 'completed';
  const paidAt = order.paidAt ?? (isPaid ? now : null);
  const isRefund = state === 'canceled' && paidAt !== null;
  return {
    ...order,
    state,
    orderId: atTiki.id,
    platformStatus,
    paidAt,
    completedAt: order.completedAt ?? (state === 'completed' ? now : null),
    canceledAt: order.canceledAt ?? (state === 'canceled' ? now : null),
    refundedAt: order.refundedAt ?? (isRefund ? now : null),
    updatedAt: now,
  };
}

/** From when on an order may be completed at Tiki, epoch ms on Firestore's clock. */
export function completeAt({ paidAt, refundMs }: Order): number {
  return paidAt === null ? Infinity : paidAt + refundMs;
}
