import { EntitlementError } from './entitlement-error';
import { DAY_MS, type Purchase, type Terms } from './purchase';

/** Keeps a stored document far below Firestore's limit of 1 MiB. */
export const MAX_PURCHASES = 1_000;

/** In the order of time. Two of the same millisecond go by id, so that there is one order only. */
function byTime(one: Purchase, other: Purchase): number {
  return one.at - other.at || (one.id < other.id ? -1 : 1);
}

/**
 * Until when a user is premium, epoch ms; undefined when nothing was ever bought or all of it was
 * cancelled. An end in the past is an end all the same: whether it is over is for the reader's
 * clock to say.
 *
 * Days bought while premium come on top of what is there; days bought later start when they are
 * bought; an absolute end only ever moves the end forward. A cancelled purchase counts as if it had
 * never been: what was stacked on it moves up.
 */
export function premiumUntilOf(purchases: readonly Purchase[]): number | undefined {
  return purchases
    .filter(({ status }) => status === 'active')
    .sort(byTime)
    .reduce<number | undefined>((end, purchase) => {
      const start = Math.max(end ?? 0, purchase.at);
      return 'days' in purchase
        ? start + purchase.days * DAY_MS
        : Math.max(end ?? 0, purchase.until);
    }, undefined);
}

function haveSameTerms(one: Terms, other: Terms): boolean {
  return 'days' in one
    ? 'days' in other && one.days === other.days
    : 'until' in other && one.until === other.until;
}

/** Two reports of one purchase. Neither their order nor their number makes a difference. */
function merge(known: Purchase, told: Purchase): Purchase {
  if (!haveSameTerms(known, told)) {
    throw new EntitlementError(
      'conflicting-purchase',
      `The purchase ${known.id} is there already, with other days or another end`,
    );
  }
  return {
    ...known,
    at: Math.min(known.at, told.at),
    status: [known, told].some(({ status }) => status === 'cancelled') ? 'cancelled' : 'active',
  };
}

/**
 * The purchases after a report of one, sorted by time. A report that was there already, however
 * often and in whatever order, changes nothing; a cancellation is final, and may come first.
 *
 * @throws EntitlementError `conflicting-purchase`, `too-many-purchases`
 */
export function recordPurchase(
  purchases: readonly Purchase[],
  told: Purchase,
): readonly Purchase[] {
  const known = purchases.find(({ id }) => id === told.id);
  const others = purchases.filter(({ id }) => id !== told.id);
  if (!known && others.length >= MAX_PURCHASES) {
    throw new EntitlementError(
      'too-many-purchases',
      `A user can have at most ${MAX_PURCHASES} purchases`,
    );
  }
  return [...others, known ? merge(known, told) : told].sort(byTime);
}
