import type { StoredAuditEntry } from './audit-trail';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';
import type { Purchase } from './purchase';
import type { PremiumService } from './service';

/** At once: they are different customers, and Firebase Auth has quotas. */
const AT_ONCE = 10;

/** A customer for whom an operator has something left to do. */
export interface LeftOver {
  readonly uid: string;
  /** `deleted`: in the period, and is there again. Otherwise why the changes could not be repeated. */
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
  service: Pick<PremiumService, 'record' | 'show'>,
): Promise<ReplayReport> {
  const pasts = [...pastsIn(entries)];
  const left: LeftOver[] = [];
  let changed = 0;

  async function isThere(uid: string): Promise<boolean> {
    try {
      await service.show(uid);
      return true;
    } catch (error) {
      if (error instanceof EntitlementError && error.code === 'unknown-user') return false;
      throw error;
    }
  }

  async function repeat(uid: string, { purchases, isDeleted }: Past): Promise<void> {
    try {
      if (isDeleted) {
        if (await isThere(uid)) left.push({ uid, why: 'deleted' });
        return;
      }
      let isChanged = false;
      for (const purchase of purchases) {
        isChanged = (await service.record(uid, purchase)).changed || isChanged;
      }
      if (isChanged) changed += 1;
    } catch (error) {
      if (!(error instanceof EntitlementError)) throw error;
      left.push({ uid, why: error.code });
    }
  }

  for (let from = 0; from < pasts.length; from += AT_ONCE) {
    await Promise.all(pasts.slice(from, from + AT_ONCE).map(([uid, past]) => repeat(uid, past)));
  }
  return { customers: pasts.length, changed, left };
}
