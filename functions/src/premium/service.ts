import type { Account, Accounts } from './accounts';
import { parseCustomerUid } from './customer-uid';
import { isPremium, nextVersion, type Entitlement } from './document';
import { driftOf, type DriftKind } from './drift';
import { premiumUntilOf, recordPurchase } from './entitlement';
import { afterChange, EntitlementError } from './entitlement-error';
import type { Mirror } from './mirror';
import type { Project } from './projection';
import { requireValidPurchase, type Purchase, type Terms } from './purchase';
import type { EntitlementStore } from './store';
import type { IfMissing } from './write-claims';

export interface Outcome {
  readonly uid: string;
  /** False when it was already stored. */
  readonly changed: boolean;
  readonly entitlement: Entitlement;
  /** Premium at this moment. */
  readonly premium: boolean;
}

export interface Overview {
  readonly uid: string;
  readonly premium: boolean;
  readonly entitlement: Entitlement | undefined;
  readonly account: Account | undefined;
  readonly drift: DriftKind | undefined;
}

/** What was deleted; false where there was nothing. */
export interface Removed {
  readonly uid: string;
  /** The document with the purchases. */
  readonly entitlement: boolean;
  readonly account: boolean;
}

/** All functions throw EntitlementError, whose `outcome` says whether something may be stored. */
export interface PremiumService {
  /** An operator's grant, starting now. Repeating an id has no effect. */
  grant(uid: string, grant: { readonly id: string } & Terms): Promise<Outcome>;
  /** Reports a purchase, active or cancelled; may be repeated and arrive in any order. */
  record(uid: string, purchase: Purchase): Promise<Outcome>;
  /** Cancels one purchase, or all of them. */
  revoke(uid: string, which: { readonly id: string } | 'all'): Promise<Outcome>;
  /**
   * Deletes all that the bridge keeps about a customer: the document, the account, the mirrored
   * value. Not remembered: a login, grant or purchase afterwards starts anew.
   */
  remove(uid: string): Promise<Removed>;
  show(uid: string): Promise<Overview>;
}

export interface PremiumEffects {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror?: Mirror | undefined;
  readonly project: Project;
}

type Edit = (purchases: readonly Purchase[], now: number) => readonly Purchase[];

function areSamePurchases(one: readonly Purchase[], other: readonly Purchase[]): boolean {
  const all = (purchases: readonly Purchase[]) =>
    new Map(purchases.map(({ id, at, status }) => [id, `${status} ${at}`]));
  const [ones, others] = [all(one), all(other)];
  // Terms are not compared: those of a known id never change.
  return ones.size === others.size && [...ones].every(([id, it]) => others.get(id) === it);
}

function addGrant(purchases: readonly Purchase[], grant: Purchase): readonly Purchase[] {
  const known = purchases.find(({ id }) => id === grant.id);
  if (known?.status === 'cancelled') {
    throw new EntitlementError(
      'cancelled-purchase',
      `Purchase ${known.id} was cancelled, which is final: use another id`,
    );
  }
  return recordPurchase(purchases, grant);
}

function cancel(purchases: readonly Purchase[], id: string): readonly Purchase[] {
  const known = purchases.find((purchase) => purchase.id === id);
  if (!known) throw new EntitlementError('unknown-purchase', `No purchase has the id ${id}`);
  return recordPurchase(purchases, { ...known, status: 'cancelled' });
}

/** Something was changed before the error: `what` says how far it got. */
function halfWay(what: string) {
  return (error: unknown): never => {
    throw error instanceof EntitlementError ? afterChange(error, what) : error;
  };
}

/** Premium for operators and payments: stores the purchase, then updates the account. */
export function createPremiumService(effects: PremiumEffects): PremiumService {
  const { store, accounts, mirror, project } = effects;

  async function edit(uid: string, change: Edit, ifMissing: IfMissing): Promise<Outcome> {
    const outcome = await store.change<Outcome>(parseCustomerUid(uid), (stored, now) => {
      const before = stored?.purchases ?? [];
      const after = change(before, now);
      const changed =
        !areSamePurchases(before, after) ||
        (stored !== undefined && stored.premiumUntil !== (premiumUntilOf(after) ?? null));
      const entitlement = stored && !changed ? stored : nextVersion(stored, after, now);
      return {
        write: changed ? entitlement : undefined,
        result: { uid, changed, entitlement, premium: isPremium(entitlement, now) },
      };
    });
    // Also when unchanged: the process that stored it may have died before updating the account.
    await project(uid, outcome.entitlement.version, ifMissing).catch(
      halfWay('Stored in Firestore, but not known to be on the account'),
    );
    return outcome;
  }

  /** Writes to the account again what is stored, if anything is. */
  async function restore(uid: string): Promise<void> {
    const isStored = await store.change(uid, (stored) => ({ result: stored !== undefined }));
    if (isStored) await project(uid, 'always', 'create');
  }

  return {
    grant: (uid, { id, ...terms }) =>
      edit(
        uid,
        (purchases, now) => {
          // A repetition keeps its time: `until` may have passed since.
          const at = purchases.find((it) => it.id === id)?.at ?? now;
          const grant: Purchase = { id, at, status: 'active', ...terms };
          requireValidPurchase(grant);
          return addGrant(purchases, grant);
        },
        'create',
      ),
    record: (uid, purchase) =>
      edit(
        uid,
        (purchases) => {
          requireValidPurchase(purchase);
          return recordPurchase(purchases, purchase);
        },
        purchase.status === 'active' ? 'create' : 'skip',
      ),
    revoke: (uid, which) =>
      edit(
        uid,
        (purchases) => {
          if (which !== 'all') return cancel(purchases, which.id);
          if (purchases.length === 0) {
            throw new EntitlementError('unknown-purchase', `${uid} has no purchases`);
          }
          return purchases.reduce((rest, { id }) => cancel(rest, id), purchases);
        },
        'skip',
      ),
    remove: async (text) => {
      const uid = parseCustomerUid(text);
      // The document first: while it is leased, a process may be about to create the account.
      const entitlement = await store.remove(uid);
      await mirror
        ?.write(uid, null)
        .catch(halfWay('The purchases are deleted, but the copy and the account may not be'));
      // Last: while there is an account, everybody sees that something is left.
      const account = await accounts
        .remove(uid)
        .catch(halfWay('The purchases are deleted, but the account may not be'));
      // What was bought meanwhile has lost its account again, and must not wait for the daily run.
      await restore(uid).catch(
        halfWay('Deleted, but a purchase in the meantime may lack its account'),
      );
      return { uid, entitlement, account };
    },
    show: async (uid) => {
      const { stored, now } = await store.change(parseCustomerUid(uid), (found, at) => ({
        result: { stored: found, now: at },
      }));
      const account = await accounts.read(uid);
      if (!stored && !account) {
        throw new EntitlementError('unknown-user', `${uid} has no purchases and no account`);
      }
      const drift = driftOf(stored, account, now);
      const premium = stored !== undefined && isPremium(stored, now);
      return { uid, premium, entitlement: stored, account, drift };
    },
  };
}
