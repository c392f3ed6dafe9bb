import { Problem } from '../problem';
import type { Via } from './client-address';

const WINDOW_SECONDS = 60;
/** On top of the limit, once a minute: several people behind one address, or one in a hurry. */
const BURST = 10;

/** For the operator who wonders whose address that is that was refused. */
const REMEDY: Readonly<Record<Via, string>> = {
  direct:
    'if that is no client but a load balancer or another proxy of yours, name its address in ' +
    'TRUSTED_PROXIES: docs/production.md',
  proxy: 'if many customers share that address, raise RATE_LIMIT_PER_MINUTE',
  hosting: 'if many customers share that address, raise RATE_LIMIT_PER_MINUTE',
  disputed:
    "that is a front end of Google's: what the request says of its caller contradicts itself or is " +
    'missing, as where a header is forged; if it is customers who are refused: docs/production.md',
  unlisted:
    'that may be a front end of Firebase Hosting that this version does not know, or a caller who ' +
    'pretends so: look it up as docs/production.md says before you name it in TRUSTED_PROXIES',
};

/**
 * Counts one exchange for an address.
 *
 * @param hops Entries in the request's `X-Forwarded-For`.
 * @param via How the address was come by; with `hops`, what the operator is told about it.
 * @throws Problem `rate-limited` with `Retry-After`.
 */
export type RateLimit = (address: string, hops: number, via?: Via) => Promise<void>;

/** So many within so many seconds. */
export interface Quota {
  readonly points: number;
  readonly seconds: number;
}

/** Of rate-limiter-flexible: rejects with its figures when an address is over its quota. */
export interface Limiter {
  consume(address: string): Promise<unknown>;
}

/** To be called with the first request that is limited: the package knows a dozen databases. */
export type OpenLimiter = (quota: Quota) => Promise<Limiter>;

/** Counts in this instance's memory: with N instances a client may get N times as far. */
export const inMemory: OpenLimiter = async ({ points, seconds }) => {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  return new RateLimiterMemory({ points, duration: seconds });
};

/**
 * Limits exchanges per client address and minute. It keeps one caller from using up the bridge and
 * Tiki's patience; it is no defence against many callers.
 *
 * Limit and burst last equally long, so one count is enough for both: whoever may make 30 calls
 * and 10 more within a minute may make 40.
 *
 * @param perMinute 0 turns it off; then nothing is opened.
 */
export function rateLimit(perMinute: number, open: OpenLimiter = inMemory): RateLimit {
  if (perMinute === 0) return () => Promise.resolve();
  let opening: Promise<Limiter> | undefined;
  return async (address, hops, via = 'direct') => {
    opening ??= open({ points: perMinute + BURST, seconds: WINDOW_SECONDS }).catch(
      (error: unknown) => {
        // The next request tries again.
        opening = undefined;
        throw error;
      },
    );
    const limiter = await opening;
    try {
      await limiter.consume(address);
    } catch (refusal) {
      // The library rejects with its figures, and with an Error for its own mistakes.
      if (refusal instanceof Error) throw refusal;
      const { msBeforeNext } = refusal as { readonly msBeforeNext: number };
      throw new Problem('rate-limited', {
        operator: {
          cause: `Too many exchanges from ${address}; X-Forwarded-For had ${hops} entries`,
          remedy: REMEDY[via],
        },
        retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
      });
    }
  };
}
