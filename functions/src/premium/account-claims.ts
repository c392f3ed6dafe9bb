import { isDeepStrictEqual } from 'node:util';
import { EntitlementError } from './entitlement-error';

/** An account's custom claims, of whoever set them. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Firebase's limit, and it means bytes: the Admin SDK counts UTF-16 units, so claims with
 * Vietnamese text pass it and are then refused by the service.
 *
 * @see https://firebase.google.com/docs/auth/admin/custom-claims
 */
export const MAX_CLAIMS_BYTES = 1_000;

const PREMIUM_CLAIMS: readonly string[] = ['premiumAccount', 'premiumUntil'];

export function hasPremiumClaims(claims: Claims): boolean {
  return PREMIUM_CLAIMS.some((name) => Object.hasOwn(claims, name));
}

/**
 * An account's claims with premium in them, and those of others as they were.
 *
 * @param premiumUntil Epoch ms. Undefined for who is not premium now: both claims are then absent,
 *   not false or 0, so that no rule can read something into a leftover.
 * @throws EntitlementError `claims-too-large`
 */
export function withPremium(existing: Claims, premiumUntil: number | undefined): Claims {
  const others = Object.fromEntries(
    Object.entries(existing).filter(([name]) => !PREMIUM_CLAIMS.includes(name)),
  );
  if (premiumUntil === undefined) return others;
  const claims = { ...others, premiumAccount: true, premiumUntil };
  const bytes = Buffer.byteLength(JSON.stringify(claims), 'utf8');
  if (bytes > MAX_CLAIMS_BYTES) {
    throw new EntitlementError(
      'claims-too-large',
      `The account's claims would take ${bytes} bytes of ${MAX_CLAIMS_BYTES}: ` +
        'make those that others have set smaller',
    );
  }
  return claims;
}

/** Whether writing one over the other would change anything. The order of names does not count. */
export function areSameClaims(one: Claims, other: Claims): boolean {
  return isDeepStrictEqual(one, other);
}
