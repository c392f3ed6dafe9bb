import { type Claims, hasPremiumClaims } from './account-claims';
import type { Account } from './accounts';
import { isLeased, isPremium, type Entitlement } from './document';
import { premiumUntilOf } from './entitlement';

/** How a user's purchases, document and account can disagree. */
export type DriftKind =
  /** The document does not match the schema. Needs an operator. */
  | 'document-malformed'
  /** The document's premiumUntil does not match its purchases. */
  | 'document-stale'
  /** Premium, but the account has no premium claims. */
  | 'claims-missing'
  /** Premium, but the account's premium claims differ. */
  | 'claims-stale'
  /** Not premium (expired, refunded, never stored), but the account has premium claims. */
  | 'claims-extra'
  /** A change was stored but never confirmed to be on the account. */
  | 'projection-unfinished'
  /** The copy in Realtime Database differs. */
  | 'mirror-stale';

function accountDrift(stored: Entitlement, claims: Claims, now: number): DriftKind | undefined {
  const { premiumUntil, version, projectedVersion } = stored;
  if (isPremium(stored, now)) {
    if (!hasPremiumClaims(claims)) return 'claims-missing';
    if (claims['premiumAccount'] !== true || claims['premiumUntil'] !== premiumUntil) {
      return 'claims-stale';
    }
  } else if (hasPremiumClaims(claims)) return 'claims-extra';
  return projectedVersion < version ? 'projection-unfinished' : undefined;
}

/**
 * Compares the stored entitlement with the account. Undefined when they agree, or while a lease is
 * held and a write may be in flight. A premium customer without an account is no drift: the account
 * was deleted, which is respected, or its owner has not signed in yet.
 *
 * @param now Epoch ms.
 * @param mirrored The value in Realtime Database, null if absent; undefined without a mirror.
 */
export function driftOf(
  stored: Entitlement | undefined,
  account: Account | undefined,
  now: number,
  mirrored?: unknown,
): DriftKind | undefined {
  const claims = account?.claims ?? {};
  if (!stored) return hasPremiumClaims(claims) ? 'claims-extra' : undefined;
  if (isLeased(stored, now)) return undefined;
  const { premiumUntil, purchases } = stored;
  if (premiumUntil !== (premiumUntilOf(purchases) ?? null)) return 'document-stale';
  const drift = account || !isPremium(stored, now) ? accountDrift(stored, claims, now) : undefined;
  if (drift) return drift;
  return mirrored !== undefined && mirrored !== premiumUntil ? 'mirror-stale' : undefined;
}
