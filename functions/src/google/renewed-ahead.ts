import { singleFlight } from '../upstream/single-flight';

export interface AccessToken {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Earlier is no use: until then the metadata server gives the old one. firebase-admin asks by then. */
const RENEW_AHEAD_MS = 5 * 60_000;
/** Longer than the call that it is for. */
const UNUSABLE_MS = 10_000;

/**
 * Hands out an access token and renews it before it runs out, once for all who ask at the same
 * moment. While the old one is good nobody waits for the new one: a renewal that is stuck or fails
 * is tried again with the next request, and is noticed only by those who come when it is over.
 *
 * @param fetch Has to end: everybody waits for the one that is under way.
 * @param now Epoch milliseconds.
 */
export function renewedAhead(
  fetch: () => Promise<AccessToken>,
  now: () => number,
): () => Promise<AccessToken> {
  const once = singleFlight<AccessToken>();
  let known: AccessToken | undefined;
  return async () => {
    const leftMs = known ? known.expiresAt - now() : 0;
    if (known && leftMs > RENEW_AHEAD_MS) return known;
    const renewal = once('token', async () => (known = await fetch()));
    if (!known || leftMs <= UNUSABLE_MS) return renewal;
    renewal.catch(() => undefined);
    return known;
  };
}
