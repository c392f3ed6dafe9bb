import { merge } from '../merge';
import { type Claims, readClaims } from './id-token';

/** How long before its expiry a token is refreshed. */
const EARLY_MS = 300_000;

export interface User {
  /** `tiki:` followed by the customer id. */
  readonly uid: string;
  readonly customer: { readonly id: string; readonly name: string };
  /** The scopes granted at login. */
  readonly scopes: readonly string[];
}

export interface Session {
  readonly user: User;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Attests the app to Firestore until it expires, if the project uses App Check. */
  readonly appCheckToken?: string;
  readonly claims: Claims;
  /** Server time minus device time in ms, measured with the token. */
  readonly skew: number;
}

/**
 * Builds a session from a Firebase response or from storage; undefined unless it is complete and its
 * token belongs to its user.
 *
 * @param askedAt Device time when the token was asked for. Omit to keep the stored skew.
 */
export function sessionOf(source: unknown, askedAt?: number): Session | undefined {
  try {
    // If anything is missing, a line below throws or the comparison fails.
    const session = source as Session;
    const { user } = session;
    const claims = readClaims(session.idToken);
    if (claims.sub === user.uid && user.customer.id && session.refreshToken) {
      // A new token reveals the server's time. Phone clocks are often off by minutes, some by days,
      // and would misjudge the token's expiry. Not compared with the time of its arrival: an app in
      // the background may get it an hour late.
      return merge(session, { claims }, askedAt ? { skew: claims.iat * 1000 - askedAt } : {});
    }
  } catch {
    // Not a session.
  }
  return undefined;
}

/** `due`: still good, but to be refreshed. `expired`: also if its age cannot be told. */
export function tokenState({ claims, skew }: Session, now: number): 'fresh' | 'due' | 'expired' {
  const serverNow = now + skew;
  // A time before `iat` means that the device clock was changed, and NaN that storage returned
  // something else than was saved: both are not at or after `iat`.
  if (!(serverNow >= claims.iat * 1000)) return 'expired';
  const left = claims.exp * 1000 - serverNow;
  if (left > EARLY_MS) return 'fresh';
  return left > 0 ? 'due' : 'expired';
}

/** Whether the claims grant premium and it has not ended by server time. */
export function isPremium(
  // The claims read here are optional, so an empty object is safe.
  { claims: { premiumAccount, premiumUntil } = {} as Claims, skew = 0 }: Partial<Session>,
  now: number,
): boolean {
  return premiumAccount === true && typeof premiumUntil === 'number' && premiumUntil > now + skew;
}
