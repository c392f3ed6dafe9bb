import type { Entitlement } from './document';
import type { StoredPurchase } from './purchase';

// The audit trail of premium and orders: who changed what, when. An entry is written in the transaction
// that makes the change, so there is none without the other. Logins are in the log: docs/runbook.md.

/**
 * The collection; no security rule opens it. The name is this project's own, since the app may well have
 * an `audit`.
 */
export const AUDIT = 'bridgeAudit';
/** Until an entry may be deleted: `auditExpiresAt` is a TTL field. As long as Google keeps its own. */
const KEPT_MS = 400 * 86_400_000;

/**
 * Who changes something: `customer` (places an order), `tiki` (says what became of it), `reconciler`,
 * or an operator, as `operator someone@example.com`.
 */
export type Actor = 'customer' | 'tiki' | 'reconciler' | `operator${string}`;

/** Null: there was nothing, or there is nothing any more. */
export interface Change<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** What an entry has of premium. */
export interface PremiumFacts {
  readonly premiumUntil: number | null;
  readonly version: number;
  /** The purchases that changed, by id; complete, so that a replay can repeat them. */
  readonly purchases: Readonly<Record<string, StoredPurchase>>;
}

/** What an entry has of an order. */
export interface OrderFacts {
  readonly state: string;
  readonly priceVnd: number;
  /** Epoch ms. */
  readonly refundedAt: number | null;
}

/** A document of the audit trail. */
export interface AuditEntry {
  /** Epoch ms on Firestore's clock. */
  readonly at: number;
  readonly by: Actor;
  readonly uid: string;
  readonly premium?: Change<PremiumFacts>;
  readonly reference?: string;
  readonly order?: Change<OrderFacts>;
  readonly auditExpiresAt: Date;
}

/** What one transaction changes. */
export interface Changed {
  readonly by: Actor;
  readonly uid: string;
  /** Epoch ms on Firestore's clock. */
  readonly now: number;
  /** Undefined: no entitlement is written. Without `after` it is deleted. */
  readonly premium?:
    | { readonly before: Entitlement | undefined; readonly after: Entitlement | undefined }
    | undefined;
  /** Undefined: no order is written. */
  readonly order?:
    | {
        readonly reference: string;
        readonly before: OrderFacts | undefined;
        readonly after: OrderFacts;
      }
    | undefined;
}

/** What `one` has, with the purchases that are missing or different in `other`. */
function factsOf(
  one: Entitlement | undefined,
  other: Entitlement | undefined,
): PremiumFacts | null {
  if (!one) return null;
  const { premiumUntil, version, purchases } = one;
  const others = new Map(other?.purchases.map((it) => [it.id, it]));
  const differing = purchases.filter(({ id, status, at }) => {
    const there = others.get(id);
    return there?.status !== status || there.at !== at;
  });
  return {
    premiumUntil,
    version,
    purchases: Object.fromEntries(differing.map(({ id, ...rest }) => [id, rest])),
  };
}

const orderFacts = ({ state, priceVnd, refundedAt }: OrderFacts): OrderFacts => ({
  state,
  priceVnd,
  refundedAt,
});

/**
 * The entry of one transaction; undefined if it changes neither premium nor the state of an order: most
 * writes are about when to look next, or who may write to the account.
 */
export function auditEntry({ by, uid, now, premium, order }: Changed): AuditEntry | undefined {
  const isPremium =
    premium && (!premium.after || premium.before?.version !== premium.after.version);
  const isOrder =
    order &&
    (order.before?.state !== order.after.state ||
      order.before.refundedAt !== order.after.refundedAt);
  if (!isPremium && !isOrder) return undefined;
  return {
    at: now,
    by,
    uid,
    ...(isPremium && {
      premium: {
        before: factsOf(premium.before, premium.after),
        after: factsOf(premium.after, premium.before),
      },
    }),
    ...(isOrder && {
      reference: order.reference,
      order: {
        before: order.before ? orderFacts(order.before) : null,
        after: orderFacts(order.after),
      },
    }),
    auditExpiresAt: new Date(now + KEPT_MS),
  };
}
