import { merge } from '../merge';
import { type Claims, readClaims } from './id-token';

/** How long before its expiry a token is refreshed. */
export const enum Refresh {
  EarlyMs = 300_000,
}

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
  /** Server time minus device time in ms, measured when the token arrived. */
  readonly skew: number;
}

/**
 * Builds a session from a Firebase response or from storage; undefined unless it is complete and its
 * token belongs to its user.
 *
 * @param now Device time, for a token that was just issued. Omit to keep the stored skew.
 */
export function sessionOf(source: unknown, now?: number): Session | undefined {
  try {
    // If anything is missing, a line below throws or the comparison fails.
    const session = source as Session;
    const { user } = session;
    const claims = readClaims(session.idToken);
    if (claims.sub === user.uid && user.customer.id && session.refreshToken) {
      // A new token reveals the server's time. Phone clocks are often off by minutes, some by days,
      // and would misjudge the token's expiry.
      return merge(session, { claims }, now ? { skew: claims.iat * 1000 - now } : {});
    }
  } catch {
    // Not a session.
  }
  return undefined;
}

/** Milliseconds of server time until the token is due for a refresh; 0 or less when it is due. */
export function timeToRefresh({ claims, skew }: Session, now: number): number {
  const serverNow = now + skew;
  // A time before `iat` means that the device clock was changed and the skew is wrong.
  const left = serverNow >= claims.iat * 1000 && claims.exp * 1000 - Refresh.EarlyMs - serverNow;
  // NaN if storage returned something else than was saved: refresh then as well.
  return left || 0;
}

/** Whether the claims grant premium and it has not ended by server time. */
export function isPremium(
  // The claims read here are optional, so an empty object is safe.
  { claims: { premiumAccount, premiumUntil } = {} as Claims, skew = 0 }: Partial<Session>,
  now: number,
): boolean {
  return premiumAccount === true && typeof premiumUntil === 'number' && premiumUntil > now + skew;
}
