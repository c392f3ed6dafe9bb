import type { BurstyRateLimiter } from 'rate-limiter-flexible';
import { Problem } from '../problem';

const WINDOW_SECONDS = 60;
/** On top of the limit, once a minute: several people behind one address, or one in a hurry. */
const BURST = 10;

/**
 * Counts one exchange for an address.
 *
 * @param hops Entries in the request's `X-Forwarded-For`, for the operator who wonders whose
 *   address that is.
 * @throws Problem `rate-limited` with `Retry-After`.
 */
export type RateLimit = (address: string, hops: number) => Promise<void>;

/** Loaded with the first request that is limited: the package knows a dozen databases. */
async function openLimiter(perMinute: number): Promise<BurstyRateLimiter> {
  const { BurstyRateLimiter, RateLimiterMemory } = await import('rate-limiter-flexible');
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_SECONDS });
  return new BurstyRateLimiter(limiter('minute', perMinute), limiter('burst', BURST));
}

/**
 * Limits exchanges per client address and minute, in this instance's memory: with N instances a
 * client may get N times as far. It keeps one caller from using up an instance and Tiki's patience;
 * it is no defence against many callers.
 *
 * @param perMinute 0 turns it off.
 */
export function rateLimit(perMinute: number): RateLimit {
  if (perMinute === 0) return () => Promise.resolve();
  let opening: Promise<BurstyRateLimiter> | undefined;
  return async (address, hops) => {
    const limiter = await (opening ??= openLimiter(perMinute));
    try {
      await limiter.consume(address);
    } catch (refusal) {
      // The library rejects with its figures, and with an Error for its own mistakes.
      if (refusal instanceof Error) throw refusal;
      const { msBeforeNext } = refusal as { readonly msBeforeNext: number };
      throw new Problem('rate-limited', {
        operator: {
          cause: `Too many exchanges from ${address}; X-Forwarded-For had ${hops} entries`,
          remedy:
            'if that is no client but a proxy, count the addresses to the right of the client ' +
            'and set TRUSTED_PROXIES to that number: docs/production.md',
        },
        retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
      });
    }
  };
}
