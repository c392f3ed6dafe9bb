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

/** How Tiki's order differs from the one that our document describes; undefined: it is that one. */
export type Mismatch = 'reference' | 'order-id' | 'amount';

/**
 * Whether an order of Tiki's is the one that we created. Everybody who has the app's secret can create
 * orders with any reference: another bridge with the same app, for one.
 */
export function mismatchOf(order: Order, seen: PlatformOrder): Mismatch | undefined {
  if (seen.reference !== order.reference) return 'reference';
  if (order.orderId !== null && order.orderId !== seen.id) return 'order-id';
  // What is cancelled gives nothing, whatever it cost.
  const isSame = seen.amountVnd === BigInt(order.priceVnd) || seen.progress === 'canceled';
  return isSame ? undefined : 'amount';
}

/**
 * The order after Tiki has been asked; the same object if nothing changed.
 *
 * @param seen Must match: see `mismatchOf`.
 * @param now Epoch ms on Firestore's clock.
 */
export function advance(order: Order, seen: PlatformOrder, now: number): Order {
  const state = NEXT_STATE[order.state][seen.progress];
  const isMoved = state !== order.state;
  // A late answer must not put an older word beside a newer state.
  const platformStatus = isMoved || state === 'waiting' ? seen.status : order.platformStatus;
  if (!isMoved && platformStatus === order.platformStatus && order.orderId !== null) return order;
  const isPaid = state === 'paid' || state === 'completed';
  const paidAt = order.paidAt ?? (isPaid ? now : null);
  const isRefund = state === 'canceled' && paidAt !== null;
  return {
    ...order,
    state,
    orderId: seen.id,
    platformStatus,
    paidAt,
    completedAt: order.completedAt ?? (state === 'completed' ? now : null),
    canceledAt: order.canceledAt ?? (state === 'canceled' ? now : null),
    refundedAt: order.refundedAt ?? (isRefund ? now : null),
    updatedAt: now,
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Longer than the request that creates an order can take. */
export const CREATING_MS = 2 * MINUTE_MS;
/** For a repeated press, after Tiki has refused the first one. */
const UNSENT_MS = HOUR_MS;
/** Until the claims of a change should be on the account. */
const PROJECTING_MS = MINUTE_MS;
/** When a completion fails. */
const COMPLETING_MS = 15 * MINUTE_MS;
const WAITING = { shortest: 5 * MINUTE_MS, longest: 24 * HOUR_MS };
const PAID_MS = HOUR_MS;

export interface Due {
  /** Epoch ms. */
  readonly now: number;
  /** For how long after the payment Tiki can pay back, ms. */
  readonly refundMs: number;
  /** Whether the account has yet to get the claims. */
  readonly isPending: boolean;
}

/** When the reconciler is to look at an order next, epoch ms; null: never again. */
export function dueAt(order: Order, { now, refundMs, isPending }: Due): number | null {
  if (isPending) return now + PROJECTING_MS;
  switch (order.state) {
    case 'creating':
      return order.sentAt === null ? order.createdAt + UNSENT_MS : order.sentAt + CREATING_MS;
    case 'waiting': {
      // The older it is, the less likely is a payment. Tiki cancels what is not paid after four hours.
      const age = (now - order.createdAt) / 2;
      return now + Math.floor(Math.min(Math.max(age, WAITING.shortest), WAITING.longest));
    }
    case 'paid': {
      const end = (order.paidAt ?? now) + refundMs;
      return end > now ? Math.min(end, now + PAID_MS) : now + COMPLETING_MS;
    }
    case 'completed':
    case 'canceled':
    case 'abandoned':
      // Of an abandoned order there is no id to ask for; a notification brings one.
      return null;
  }
}
