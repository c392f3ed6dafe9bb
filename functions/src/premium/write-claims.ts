import { areSameClaims, withPremium } from './account-claims';
import type { Account, Accounts } from './accounts';
import { EntitlementError } from './entitlement-error';

/**
 * What to do for a premium customer without an account. Only a new purchase or grant creates it,
 * for customers who buy before they first sign in. In all other cases the account may have been
 * deleted on purpose.
 */
export type IfMissing = 'create' | 'skip';

export type Written =
  /** Seen on the account, which is also true of a customer with neither premium nor account. */
  | 'there'
  /** Another writer was faster than our look at the account: to be repeated. */
  | 'overwritten'
  /** Premium, but there is no account to put it on. */
  | 'no-account';

/** Sends a write, and notes that it may be in flight until it has been answered. */
export type Send = (write: () => Promise<void>) => Promise<void>;

/** @param premiumUntil Epoch ms; undefined when not premium. */
function isThere(account: Account, premiumUntil: number | undefined): boolean {
  return areSameClaims(account.claims, withPremium(account.claims, premiumUntil));
}

async function readOrCreate(accounts: Accounts, uid: string): Promise<Account> {
  const found = await accounts.read(uid);
  if (found) return found;
  await accounts.create(uid);
  const created = await accounts.read(uid);
  if (created) return created;
  throw new EntitlementError('account-unavailable', `${uid} was deleted in the meantime`);
}

/**
 * Sets an account's premium claims once, keeps all others, and looks whether that lasted.
 *
 * Other programs may write claims of the same account, and Firebase Auth has no conditional writes.
 * Their claims are kept as they are just before our write. After it the account is read again,
 * because a program that had read the claims before our write may have put them back. What another
 * program writes between our read and our write is lost, and nothing in Firebase Auth could show it.
 *
 * @param premiumUntil Epoch ms; undefined when not premium.
 * @throws EntitlementError `account-unavailable`, `claims-too-large`
 */
export async function writeClaims(
  accounts: Accounts,
  uid: string,
  premiumUntil: number | undefined,
  { ifMissing, send }: { readonly ifMissing: IfMissing; readonly send: Send },
): Promise<Written> {
  const withoutAccount = premiumUntil === undefined ? 'there' : 'no-account';
  const account =
    ifMissing === 'create' && premiumUntil !== undefined
      ? await readOrCreate(accounts, uid)
      : await accounts.read(uid);
  if (!account) return withoutAccount;
  if (isThere(account, premiumUntil)) return 'there';
  const claims = withPremium(account.claims, premiumUntil);
  await send(() => accounts.writeClaims(uid, claims));
  const after = await accounts.read(uid);
  if (!after) return withoutAccount;
  return isThere(after, premiumUntil) ? 'there' : 'overwritten';
}
