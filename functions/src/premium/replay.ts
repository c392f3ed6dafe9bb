import type { StoredAuditEntry } from './audit-trail';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';
import type { Purchase } from './purchase';
import type { PremiumService } from './service';

/** Customers in parallel; Firebase Auth has quotas. */
const AT_ONCE = 10;

/** A customer for whom an operator has something left to do. */
export interface LeftOver {
  readonly uid: string;
  /** `deleted`: deleted in the period, but in the restored database. Otherwise why it failed. */
  readonly why: 'deleted' | EntitlementErrorCode;
}

export interface ReplayReport {
  /** How many customers the trail is about. */
  readonly customers: number;
  /** For how many of them something was missing. */
  readonly changed: number;
  readonly left: readonly LeftOver[];
}

/** What the trail has about one customer. */
interface Past {
  /** As they were reported, the oldest first: a purchase may be there twice, as active and as cancelled. */
  readonly purchases: Purchase[];
  isDeleted: boolean;
}

function pastsIn(entries: readonly StoredAuditEntry[]): Map<string, Past> {
  const pasts = new Map<string, Past>();
  for (const { uid, premium } of entries) {
    if (!premium) continue;
    const past: Past = pasts.get(uid) ?? { purchases: [], isDeleted: false };
    pasts.set(uid, past);
    if (!premium.after) past.isDeleted = true;
    const changed = Object.entries(premium.after?.purchases ?? {});
    past.purchases.push(...changed.map(([id, purchase]) => ({ id, ...purchase })));
  }
  return pasts;
}

type Service = Pick<PremiumService, 'record' | 'show'>;

async function isThere(uid: string, service: Service): Promise<boolean> {
  try {
    await service.show(uid);
    return true;
  } catch (error) {
    if (error instanceof EntitlementError && error.code === 'unknown-user') return false;
    throw error;
  }
}

/** Repeats the changes of one customer; `same`: nothing was missing. */
async function repeat(
  uid: string,
  { purchases, isDeleted }: Past,
  service: Service,
): Promise<'changed' | 'same' | LeftOver> {
  try {
    if (isDeleted) return (await isThere(uid, service)) ? { uid, why: 'deleted' } : 'same';
    let isChanged = false;
    for (const purchase of purchases) {
      isChanged = (await service.record(uid, purchase)).changed || isChanged;
    }
    return isChanged ? 'changed' : 'same';
  } catch (error) {
    if (!(error instanceof EntitlementError)) throw error;
    return { uid, why: error.code };
  }
}

/**
 * Repeats what the audit trail says about premium, on documents that are older: those of a restored
 * export. Each purchase gets its own time and terms, so premium ends when it would have ended. What is
 * there already stays as it is, so it may be repeated, also while customers buy.
 *
 * A customer who was deleted is not touched: their purchases would come back.
 *
 * @param entries The oldest first
 */
export async function replay(
  entries: readonly StoredAuditEntry[],
  service: Service,
): Promise<ReplayReport> {
  const pasts = [...pastsIn(entries)];
  const results: Awaited<ReturnType<typeof repeat>>[] = [];
  for (let from = 0; from < pasts.length; from += AT_ONCE) {
    const some = pasts.slice(from, from + AT_ONCE);
    results.push(...(await Promise.all(some.map(([uid, past]) => repeat(uid, past, service)))));
  }
  return {
    customers: pasts.length,
    changed: results.filter((result) => result === 'changed').length,
    left: results.filter((result) => typeof result === 'object'),
  };
}
