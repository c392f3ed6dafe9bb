import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { Problem } from '../problem';
import { readJson } from '../upstream/read-json';
import type { RequestContext } from '../upstream/request-context';
import { singleFlight } from '../upstream/single-flight';
import type { AuthService, UserTokens } from './auth-service';

/** An ID token and its claims are some 2 KB. */
const MAX_USERS = 2_000;
/** Google's client SDKs renew as long before. */
const RENEW_AHEAD_MS = 5 * 60_000;
/** Google is not asked about a session that is over for as long, however often its cookie comes. */
const OVER_MS = 60_000;

export interface IdTokens {
  /**
   * A fresh ID token for a refresh token, and the refresh token to keep, which may be a new one.
   *
   * @param renew A new one, whatever is known.
   * @returns undefined: the session is over.
   * @throws Problem when Google does not answer.
   */
  readonly of: (
    refreshToken: string,
    context: RequestContext,
    renew?: boolean,
  ) => Promise<UserTokens | undefined>;
  readonly remember: (tokens: UserTokens) => void;
  readonly forget: (refreshToken: string) => void;
}

interface Known extends UserTokens {
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Of one size, however long a token is. */
const keyOf = (refreshToken: string): string =>
  createHash('sha256').update(refreshToken).digest('base64url');

const expiry = z.object({ exp: z.int().positive() });

/** When an ID token that Google has just sent expires, epoch ms. It is verified before it is used. */
function expiryOf({ idToken }: UserTokens): number {
  const [, payload = ''] = idToken.split('.');
  const claims = expiry.safeParse(readJson(Buffer.from(payload, 'base64url').toString()));
  if (!claims.success) throw new Problem('upstream-bad-response');
  return claims.data.exp * 1_000;
}

/**
 * The ID tokens of this instance's users, each renewed five minutes before it expires, once for all
 * requests at the same moment. Claims are therefore at most as old as those of a signed-in app.
 */
export function idTokens(refresh: AuthService['refresh'], now: () => number): IdTokens {
  const cache = new LRUCache<string, Known>({ max: MAX_USERS });
  /** Sessions that are over, until then, epoch ms. */
  const over = new LRUCache<string, number>({ max: MAX_USERS });
  const once = singleFlight<UserTokens | undefined>();

  function remember(key: string, tokens: UserTokens): UserTokens {
    const known = { ...tokens, expiresAt: expiryOf(tokens) };
    cache.set(key, known);
    // The next request has the cookie with the new one.
    cache.set(keyOf(tokens.refreshToken), known);
    return known;
  }

  return {
    of: (refreshToken, context, renew = false) => {
      const key = keyOf(refreshToken);
      const known = cache.get(key);
      const leftMs = known ? known.expiresAt - now() : 0;
      if (!renew && known && leftMs > RENEW_AHEAD_MS) return Promise.resolve(known);
      if (!renew && (over.get(key) ?? 0) > now()) return Promise.resolve(undefined);
      return once(key, async () => {
        try {
          const tokens = await refresh(refreshToken, context);
          if (tokens) return remember(key, tokens);
          cache.delete(key);
          over.set(key, now() + OVER_MS);
          return undefined;
        } catch (error) {
          // Google cannot be reached, and the old token is still good.
          if (!renew && known && leftMs > 0) return known;
          throw error;
        }
      });
    },
    remember: (tokens) => remember(keyOf(tokens.refreshToken), tokens),
    forget: (refreshToken) => {
      cache.delete(keyOf(refreshToken));
    },
  };
}
