import type { Entitlement } from './document';

// The audit trail of premium and orders: who changed what, when. An entry is written in the transaction
// that makes the change, so there is none without the other. Logins are in the log: docs/runbook.md.

/**
 * The collection; no security rule opens it. The name is this project's own, since the app may well have
 * an `audit`.
 */
export const AUDIT = 'bridgeAudit';
/** Until an entry may be deleted: `auditExpiresAt` is a TTL field. As long as Google keeps its own. */
const KEPT_MS = 400 * 86_400_000;
/** Keeps an entry small: an operator may revoke a thousand purchases at once. */
const MAX_LISTED = 20;

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
  /** The state of each purchase that the change is about, by its id; 20 at most. */
  readonly purchases: Readonly<Record<string, string>>;
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

function premiumChange({ before, after }: NonNullable<Changed['premium']>): Change<PremiumFacts> {
  const statesOf = (entitlement: Entitlement | undefined) =>
    new Map(entitlement?.purchases.map(({ id, status }) => [id, status]));
  const [old, fresh] = [statesOf(before), statesOf(after)];
  const ids = [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((id) => old.get(id) !== fresh.get(id))
    .slice(0, MAX_LISTED);
  const facts = (entitlement: Entitlement | undefined, states: ReadonlyMap<string, string>) =>
    entitlement
      ? {
          premiumUntil: entitlement.premiumUntil,
          version: entitlement.version,
          purchases: Object.fromEntries(
            ids.flatMap((id) => {
              const state = states.get(id);
              return state === undefined ? [] : [[id, state]];
            }),
          ),
        }
      : null;
  return { before: facts(before, old), after: facts(after, fresh) };
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
    ...(isPremium && { premium: premiumChange(premium) }),
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
