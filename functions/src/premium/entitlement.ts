import { EntitlementError } from './entitlement-error';
import { DAY_MS, type Purchase, type Terms } from './purchase';

/** Keeps a document far below Firestore's limit of 1 MiB. */
export const MAX_PURCHASES = 1_000;

/** By time, then by id, so that the order is total. */
function byTime(one: Purchase, other: Purchase): number {
  return one.at - other.at || (one.id < other.id ? -1 : 1);
}

/**
 * When a user's premium ends, epoch ms; undefined when nothing was bought or all was cancelled. May
 * be in the past: the caller compares it with the current time.
 *
 * Days bought while premium extend the current end; days bought after it start at the purchase; an
 * absolute end can only extend. Cancelled purchases are ignored, so that purchases stacked on one
 * move forward.
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

/**
 * Merges two reports of one purchase. Idempotent; commutative for reports with the same terms. To cancel one, only its id matters: a
 * refund must not fail on days that an operator has corrected.
 */
function merge(known: Purchase, reported: Purchase): Purchase {
  if (reported.status === 'active' && !haveSameTerms(known, reported)) {
    throw new EntitlementError(
      'conflicting-purchase',
      `Purchase ${known.id} already exists with other days or another end`,
    );
  }
  return {
    ...known,
    at: Math.min(known.at, reported.at),
    status: [known, reported].some(({ status }) => status === 'cancelled') ? 'cancelled' : 'active',
  };
}

/**
 * Adds one report of a purchase; returns the purchases sorted by time. Reports may be repeated and
 * may arrive in any order. A cancellation is final, and may arrive before its purchase.
 *
 * @throws EntitlementError `conflicting-purchase`, `too-many-purchases`
 */
export function recordPurchase(
  purchases: readonly Purchase[],
  reported: Purchase,
): readonly Purchase[] {
  const known = purchases.find(({ id }) => id === reported.id);
  const others = purchases.filter(({ id }) => id !== reported.id);
  if (!known && others.length >= MAX_PURCHASES) {
    throw new EntitlementError(
      'too-many-purchases',
      `A user can have at most ${MAX_PURCHASES} purchases`,
    );
  }
  return [...others, known ? merge(known, reported) : reported].sort(byTime);
}
