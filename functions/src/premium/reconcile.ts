import { hasPremiumClaims, mayBePremium } from './account-claims';
import type { Accounts } from './accounts';
import { isUidOfCustomer } from './customer-uid';
import { isPremium, nextVersion } from './document';
import { driftOf, type DriftKind } from './drift';
import { premiumUntilOf } from './entitlement';
import { afterChange, EntitlementError, type EntitlementErrorCode } from './entitlement-error';
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
  /** Left as it is, because too many accounts would have lost premium in this run. */
  readonly withheld?: true;
}

export interface ReconcileReport {
  /** How many documents and accounts were checked. */
  readonly documents: number;
  readonly accounts: number;
  readonly drifts: readonly Drift[];
  /** Premium customers whose account was deleted, or who have not signed in yet: not touched. */
  readonly withoutAccount: readonly string[];
}

export interface ReconcileEffects {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror?: Mirror | undefined;
  readonly project: Project;
}

export interface ReconcileOptions {
  readonly fix: boolean;
  /** Whether premium may be taken from any number of accounts whose document is missing. */
  readonly removeAny?: boolean;
}

export type Reconcile = (options: ReconcileOptions) => Promise<ReconcileReport>;

/**
 * From how many accounts one run may take premium that has not expired because the document is
 * missing: five, or one percent of the accounts. More means that documents were lost (another
 * database, an incomplete restore) or that other code sets the claims.
 */
export function removalLimit(accounts: number): number {
  return Math.max(5, accounts / 100);
}

/**
 * Looks for drift between documents and accounts, from both sides: an account may have premium
 * claims without a document. One user's failure does not stop the run. No account is created: it may
 * have been deleted on purpose.
 *
 * @throws EntitlementError when a page cannot be read; `unknown` if something was fixed before
 */
export function createReconcile(effects: ReconcileEffects): Reconcile {
  const { store, accounts, mirror, project } = effects;

  /** Checks one user again: the pages are not a snapshot, and users buy in the meantime. */
  async function lookAgain(uid: string) {
    const { stored, now } = await store.change(uid, (found, at) => ({
      result: { stored: found, now: at },
    }));
    const account = await accounts.read(uid);
    return {
      kind: driftOf(stored, account, now, await mirror?.read(uid)),
      losesPremium: !stored && mayBePremium(account?.claims ?? {}, now),
    };
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
    await project(uid, 'always', 'skip');
  }

  /** @returns undefined: it would take premium away, which has not been allowed yet */
  async function examine(
    uid: string,
    suspected: DriftKind,
    { fix, mayRemove }: { readonly fix: boolean; readonly mayRemove: boolean },
  ): Promise<Drift[] | undefined> {
    let kind = suspected;
    try {
      const found = await lookAgain(uid);
      if (found.kind === undefined) return [];
      kind = found.kind;
      if (found.losesPremium && !mayRemove) return undefined;
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

  /** @param drifts Is filled, so that a run that fails knows what it has done. */
  async function run(
    { fix, removeAny = false }: ReconcileOptions,
    drifts: Drift[],
  ): Promise<ReconcileReport> {
    const documented = new Set<string>();
    const withoutAccount: string[] = [];
    /** Would lose premium. How many may is known only at the end. */
    const losers: string[] = [];
    let accountCount = 0;
    /** Epoch ms on Firestore's clock. */
    let time = 0;

    const look = async (uid: string, suspected: DriftKind) => {
      const found = await examine(uid, suspected, { fix, mayRemove: false });
      if (found) drifts.push(...found);
      else losers.push(uid);
    };

    for await (const { entries, now } of documentPages()) {
      time = now;
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
        if (isPremium(stored, now) && !found.has(uid)) withoutAccount.push(uid);
        const suspected = driftOf(stored, found.get(uid), now, mirrored.get(uid));
        if (suspected) await look(uid, suspected);
      }
    }
    for await (const page of accountPages()) {
      accountCount += page.length;
      const orphans = page.filter(
        ({ uid, claims }) =>
          isUidOfCustomer(uid) && hasPremiumClaims(claims) && !documented.has(uid),
      );
      for (const { uid, claims } of orphans) {
        // Looked at again only if they are few: after the loss of a database they are all accounts.
        if (mayBePremium(claims, time)) losers.push(uid);
        else await look(uid, 'claims-extra');
      }
    }
    const kind = 'claims-extra';
    const limit = fix && !removeAny ? removalLimit(accountCount) : Infinity;
    // Customers who bought during the run have a document by now. Whoever cannot be looked at counts.
    for (const uid of losers.length > limit ? losers.splice(0) : []) {
      const found =
        losers.length > limit ? undefined : await examine(uid, kind, { fix, mayRemove: false });
      if (!found || found.some(({ failure }) => failure)) losers.push(uid);
      else drifts.push(...found);
    }
    const isTooMany = losers.length > limit;
    for (const uid of losers) {
      drifts.push(
        ...(isTooMany
          ? [{ uid, kind, mended: false, withheld: true } as const]
          : ((await examine(uid, kind, { fix, mayRemove: true })) ?? [])),
      );
    }
    return { documents: documented.size, accounts: accountCount, drifts, withoutAccount };
  }

  return async (options) => {
    const drifts: Drift[] = [];
    try {
      return await run(options, drifts);
    } catch (error) {
      const isPartlyDone = drifts.some(({ mended }) => mended);
      throw error instanceof EntitlementError && isPartlyDone ? afterChange(error) : error;
    }
  };
}
