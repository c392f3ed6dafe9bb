import { hasPremiumClaims } from './account-claims';
import type { Account } from './accounts';
import type { Entitlement } from './document';
import { premiumUntilOf } from './entitlement';
import { isLeased } from './lease';

/** What can be wrong between a user's purchases, document and account. */
export type DriftKind =
  /** The document is not of the shape that this service writes. For a person to mend. */
  | 'document-malformed'
  /** Its premiumUntil does not follow from its purchases. */
  | 'document-stale'
  /** Premium, but no account carries it. */
  | 'account-missing'
  /** Premium, but the account says nothing of it. */
  | 'claims-missing'
  /** Premium, but the account says something else. */
  | 'claims-stale'
  /** Not premium (expired, refunded, never stored), but the account has the claims. */
  | 'claims-extra'
  /** A change was stored, and nobody has noted that it reached the account. */
  | 'projection-unfinished'
  /** The copy in Realtime Database says something else. */
  | 'mirror-stale';

/**
 * Compares what is stored with the account; undefined when they agree, or when somebody is at work
 * on just that.
 *
 * @param now Epoch ms.
 * @param mirrored What the copy says, null for nothing; undefined when there is no mirror.
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
  const { premiumUntil, purchases, version, projectedVersion } = stored;
  if (premiumUntil !== (premiumUntilOf(purchases) ?? null)) return 'document-stale';
  if (premiumUntil === null || premiumUntil <= now) {
    if (hasPremiumClaims(claims)) return 'claims-extra';
  } else {
    if (!account) return 'account-missing';
    if (!hasPremiumClaims(claims)) return 'claims-missing';
    if (claims['premiumAccount'] !== true || claims['premiumUntil'] !== premiumUntil) {
      return 'claims-stale';
    }
  }
  if (projectedVersion < version) return 'projection-unfinished';
  return mirrored !== undefined && mirrored !== premiumUntil ? 'mirror-stale' : undefined;
}
