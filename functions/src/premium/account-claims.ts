import { isDeepStrictEqual } from 'node:util';
import { EntitlementError } from './entitlement-error';

/** An account's custom claims, including those set by other code. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Firebase's limit is in bytes. The Admin SDK counts UTF-16 code units, so claims with Vietnamese
 * text can pass its check and then be rejected by the service.
 *
 * @see https://firebase.google.com/docs/auth/admin/custom-claims
 */
export const MAX_CLAIMS_BYTES = 1_000;

const PREMIUM_CLAIMS: readonly string[] = ['premiumAccount', 'premiumUntil'];

export function hasPremiumClaims(claims: Claims): boolean {
  return PREMIUM_CLAIMS.some((name) => Object.hasOwn(claims, name));
}

/**
 * Whether the claims may give premium at this moment. Claims without our `premiumUntil` never end:
 * other code may have set `premiumAccount`, and rules of the project may check no more than that.
 *
 * @param now Epoch ms.
 */
export function mayBePremium(claims: Claims, now: number): boolean {
  const until = claims['premiumUntil'];
  return hasPremiumClaims(claims) && !(typeof until === 'number' && until <= now);
}

/**
 * Sets the premium claims and leaves all other claims unchanged.
 *
 * @param premiumUntil Epoch ms. Undefined when the user is not premium: both claims are then
 *   absent rather than false or 0, so that no rule can misread a stale value.
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
      `The account's claims would take ${bytes} bytes; the limit is ${MAX_CLAIMS_BYTES}. ` +
        'Shrink the claims set by other code',
    );
  }
  return claims;
}

/** Deep equality; key order is ignored. */
export function areSameClaims(one: Claims, other: Claims): boolean {
  return isDeepStrictEqual(one, other);
}
