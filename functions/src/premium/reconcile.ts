import { hasPremiumClaims } from './account-claims';
import type { Accounts } from './accounts';
import { isUidOfCustomer } from './customer-uid';
import { nextVersion } from './document';
import { driftOf, type DriftKind } from './drift';
import { premiumUntilOf } from './entitlement';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';
import type { Mirror } from './mirror';
import type { Project } from './projection';
import type { EntitlementStore } from './store';

/** The most accounts that Firebase Auth looks up in one call. */
const PAGE_SIZE = 100;

export interface Drift {
  readonly uid: string;
  readonly kind: DriftKind;
  readonly mended: boolean;
  /** Why it could not be fixed. */
  readonly failure?: EntitlementErrorCode;
}

export interface ReconcileReport {
  /** How many documents and accounts were checked. */
  readonly documents: number;
  readonly accounts: number;
  readonly drifts: readonly Drift[];
}

export interface ReconcileEffects {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror?: Mirror | undefined;
  readonly project: Project;
}

export type Reconcile = (options: { readonly fix: boolean }) => Promise<ReconcileReport>;

/**
 * Looks for drift between documents and accounts, from both sides: an account may have premium
 * claims without a document. One user's failure does not stop the run.
 *
 * @throws EntitlementError when a page cannot be read
 */
export function createReconcile(effects: ReconcileEffects): Reconcile {
  const { store, accounts, mirror, project } = effects;

  /** Checks one user again: the pages are not a snapshot, and users buy in the meantime. */
  async function driftNow(uid: string): Promise<DriftKind | undefined> {
    const { stored, now } = await store.change(uid, (found, at) => ({
      result: { stored: found, now: at },
    }));
    return driftOf(stored, await accounts.read(uid), now, await mirror?.read(uid));
  }

  async function repair(uid: string, kind: DriftKind): Promise<void> {
    if (kind === 'document-stale') {
      await store.change(uid, (stored, now) => ({
        result: undefined,
        write:
          stored && stored.premiumUntil !== (premiumUntilOf(stored.purchases) ?? null)
            ? nextVersion(stored, stored.purchases, now)
            : undefined,
      }));
    }
    await project(uid, 'always');
  }

  async function examine(uid: string, suspected: DriftKind, fix: boolean): Promise<Drift[]> {
    let kind = suspected;
    try {
      const found = await driftNow(uid);
      if (found === undefined) return [];
      kind = found;
      if (fix) await repair(uid, kind);
      return [{ uid, kind, mended: fix }];
    } catch (error) {
      if (!(error instanceof EntitlementError)) throw error;
      return [{ uid, kind, mended: false, failure: error.code }];
    }
  }

  async function* documentPages() {
    for (let after: string | undefined; ;) {
      const page = await store.page(after, PAGE_SIZE);
      yield page;
      after = page.entries.at(-1)?.uid;
      if (page.entries.length < PAGE_SIZE) return;
    }
  }

  async function* accountPages() {
    let token: string | undefined;
    do {
      const page = await accounts.list(token);
      yield page.accounts;
      token = page.nextPageToken;
    } while (token !== undefined);
  }

  return async ({ fix }) => {
    const drifts: Drift[] = [];
    const documented = new Set<string>();
    let accountCount = 0;

    for await (const { entries, now } of documentPages()) {
      const customers = entries.map(({ uid }) => uid).filter(isUidOfCustomer);
      const found = await accounts.readMany(customers);
      const mirrored = new Map(
        await Promise.all(customers.map(async (uid) => [uid, await mirror?.read(uid)] as const)),
      );
      for (const { uid, stored } of entries) {
        documented.add(uid);
        if (stored instanceof EntitlementError || !isUidOfCustomer(uid)) {
          drifts.push({ uid, kind: 'document-malformed', mended: false });
          continue;
        }
        const suspected = driftOf(stored, found.get(uid), now, mirrored.get(uid));
        if (suspected) drifts.push(...(await examine(uid, suspected, fix)));
      }
    }
    for await (const page of accountPages()) {
      accountCount += page.length;
      const orphans = page.filter(
        ({ uid, claims }) =>
          isUidOfCustomer(uid) && hasPremiumClaims(claims) && !documented.has(uid),
      );
      for (const { uid } of orphans) drifts.push(...(await examine(uid, 'claims-extra', fix)));
    }
    return { documents: documented.size, accounts: accountCount, drifts };
  };
}
