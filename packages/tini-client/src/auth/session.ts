import { merge } from '../merge';
import { type Claims, readClaims } from './id-token';

/** Before it expires. */
export const enum Refresh {
  EarlyMs = 300_000,
}

export interface User {
  /** `tiki:` and the customer id. */
  readonly uid: string;
  readonly customer: { readonly id: string; readonly name: string };
  /** What the user granted at login. */
  readonly scopes: readonly string[];
}

export interface Session {
  readonly user: User;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Proves the app to Firestore for a while, where the project has App Check. */
  readonly appCheckToken?: string;
  readonly claims: Claims;
  /** Server's clock minus the device's, ms, as it was when the token came. */
  readonly skew: number;
}

/**
 * A session out of what Firebase answered or storage gave back; undefined unless it is whole and
 * its token is about its user.
 *
 * @param now Of a token that was issued just now. Not given, the source knows its skew.
 */
export function sessionOf(source: unknown, now?: number): Session | undefined {
  try {
    // If anything is missing, one of the next lines throws, or the comparison fails.
    const session = source as Session;
    const { user } = session;
    const claims = readClaims(session.idToken);
    if (claims.sub === user.uid && user.customer.id && session.refreshToken) {
      // A fresh token says what time it is at the server: phones are often wrong by minutes, some
      // by days, and would take a good token for expired or the reverse.
      return merge(session, { claims }, now ? { skew: claims.iat * 1000 - now } : {});
    }
  } catch {
    // It is none.
  }
  return undefined;
}

/** Milliseconds until the token has to be replaced, by the server's clock; 0 or less, it is time. */
export function timeToRefresh({ claims, skew }: Session, now: number): number {
  const serverNow = now + skew;
  // Before the token came? The device's clock has been set since, and the skew is no longer true.
  const left = serverNow >= claims.iat * 1000 && claims.exp * 1000 - Refresh.EarlyMs - serverNow;
  // Neither if storage gave back something else than was put there: then it is time, too.
  return left || 0;
}

/** The account claims say premium, and the server's clock has not passed its end. */
export function isPremium(
  // What is read of the claims need not be there, anyway.
  { claims: { premiumAccount, premiumUntil } = {} as Claims, skew = 0 }: Partial<Session>,
  now: number,
): boolean {
  return premiumAccount === true && typeof premiumUntil === 'number' && premiumUntil > now + skew;
}
