import type { StoredAuditEntry } from './audit-trail';
import { recordPurchase } from './entitlement';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';
import type { Purchase } from './purchase';
import type { PremiumService } from './service';

/** Customers in parallel; Firebase Auth has quotas. */
const AT_ONCE = 10;

/** A customer who was deleted: what the export had of them is there again. */
export interface DeletedCustomer {
  readonly uid: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A purchase that could not be repeated. */
export interface Unrepeated {
  readonly uid: string;
  readonly id: string;
  readonly why: EntitlementErrorCode;
}

/** An order that the database no longer has. */
export interface LostOrder {
  readonly reference: string;
  readonly uid: string;
}

export interface ReplayReport {
  /** How many customers have purchases in the trail. */
  readonly customers: number;
  /** For how many of them something was missing. */
  readonly changed: number;
  readonly left: readonly Unrepeated[];
  readonly deleted: readonly DeletedCustomer[];
  readonly lostOrders: readonly LostOrder[];
}

export interface ReplayEffects {
  readonly service: Pick<PremiumService, 'record'>;
  /** Those of these references that have no order. */
  readonly withoutOrder: (references: readonly string[]) => Promise<readonly string[]>;
}

/** What the trail has about one customer. */
interface Past {
  purchases: readonly Purchase[];
  deletedAt?: number;
}

function pastsIn(entries: readonly StoredAuditEntry[], left: Unrepeated[]): Map<string, Past> {
  const pasts = new Map<string, Past>();
  for (const { uid, at, premium } of entries) {
    if (!premium) continue;
    const past: Past = pasts.get(uid) ?? { purchases: [] };
    pasts.set(uid, past);
    if (!premium.after) {
      past.purchases = [];
      past.deletedAt = at;
    }
    for (const [id, purchase] of Object.entries(premium.after?.purchases ?? {})) {
      try {
        past.purchases = recordPurchase(past.purchases, { id, ...purchase });
      } catch (error) {
        if (!(error instanceof EntitlementError)) throw error;
        left.push({ uid, id, why: error.code });
      }
    }
  }
  return pasts;
}

/**
 * Repeats what the audit trail says about premium, on documents that are older: those of a restored
 * export. Each purchase gets its own time and terms, so premium ends when it would have ended. What is
 * there already stays as it is, so it may be repeated, also while customers buy.
 *
 * What a customer bought before they were deleted is not repeated.
 *
 * @param entries The oldest first
 */
export async function replay(
  entries: readonly StoredAuditEntry[],
  { service, withoutOrder }: ReplayEffects,
): Promise<ReplayReport> {
  const left: Unrepeated[] = [];
  const pasts = [...pastsIn(entries, left)];
  const owners = new Map(
    entries.flatMap(({ uid, reference }) =>
      reference === undefined ? [] : [[reference, uid] as const],
    ),
  );
  // Before anything is changed, so that a failure leaves nothing half done.
  const lost = await withoutOrder([...owners.keys()]);

  /** Whether something was missing. */
  async function repeat(uid: string, purchases: readonly Purchase[]): Promise<boolean> {
    let isChanged = false;
    for (const purchase of purchases) {
      try {
        const { changed } = await service.record(uid, purchase);
        isChanged ||= changed;
      } catch (error) {
        if (!(error instanceof EntitlementError)) throw error;
        left.push({ uid, id: purchase.id, why: error.code });
      }
    }
    return isChanged;
  }

  const bought = pasts.filter(([, { purchases }]) => purchases.length > 0);
  let changed = 0;
  for (let from = 0; from < bought.length; from += AT_ONCE) {
    const some = bought.slice(from, from + AT_ONCE);
    const done = await Promise.all(some.map(([uid, { purchases }]) => repeat(uid, purchases)));
    changed += done.filter(Boolean).length;
  }
  return {
    ...{ customers: bought.length, changed, left },
    deleted: pasts.flatMap(([uid, { deletedAt: at }]) => (at === undefined ? [] : [{ uid, at }])),
    lostOrders: lost.map((reference) => ({ reference, uid: owners.get(reference) ?? '' })),
  };
}
