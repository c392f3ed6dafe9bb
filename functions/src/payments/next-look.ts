import type { Order } from './order';

// When the reconciler looks at an order. Pure.

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** Longer than the request that creates an order can take. */
export const CREATING_MS = 2 * MINUTE_MS;
/** For a repeated press, after Tiki has refused the first one. */
const UNSENT_MS = HOUR_MS;
/** Until the claims of a change should be on the account. */
const PROJECTING_MS = MINUTE_MS;
const WAITING = { shortest: 5 * MINUTE_MS, longest: 24 * HOUR_MS };
/** After a failure that may pass. */
const RETRY_MS = 5 * MINUTE_MS;

/** When nobody can be creating the order at Tiki any more, epoch ms. */
export function creationEnds({ sentAt, createdAt }: Order): number {
  return sentAt === null ? createdAt + UNSENT_MS : sentAt + CREATING_MS;
}

/** The first full hour after a time, epoch ms. */
export function nextHour(now: number): number {
  return (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
}

function byState(order: Order, now: number): number | null {
  switch (order.state) {
    case 'creating':
      return creationEnds(order);
    case 'waiting': {
      // The older it is, the less likely is a payment. Tiki cancels what is not paid after four hours.
      const age = (now - order.createdAt) / 2;
      return now + Math.floor(Math.min(Math.max(age, WAITING.shortest), WAITING.longest));
    }
    case 'paid':
      // All of them at once, so that one run sees how many are suddenly cancelled.
      return nextHour(now);
    case 'completed':
    case 'canceled':
    case 'abandoned':
      // Of an abandoned order there is no id to ask for; a notification brings one.
      return null;
  }
}

export interface Look {
  /** Epoch ms on Firestore's clock. */
  readonly now: number;
  /** Whether the account has yet to get the claims. */
  readonly isPending: boolean;
  /** What kept the last visit from settling the order; undefined: nothing. */
  readonly trouble?: 'passing' | 'lasting' | undefined;
}

/** When the reconciler is to look at an order next, epoch ms; null: never again. */
export function nextLook(order: Order, { now, isPending, trouble }: Look): number | null {
  const regular = isPending ? now + PROJECTING_MS : byState(order, now);
  if (regular === null || trouble === undefined) return regular;
  return trouble === 'passing' ? now + RETRY_MS : Math.max(regular, nextHour(now));
}
