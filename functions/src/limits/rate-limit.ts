import { Problem } from '../problem';
import type { Via } from './client-address';

const WINDOW_SECONDS = 60;
/** Extra exchanges per minute, for several users behind one address or for quick retries. */
const BURST = 10;

/** Tells the operator what the refused address may be. */
const REMEDY: Readonly<Record<Via, string>> = {
  direct:
    'if that is not a client but your load balancer or another proxy, add its address to ' +
    'TRUSTED_PROXIES: docs/limits.md',
  proxy: 'if many customers share that address, raise RATE_LIMIT_PER_MINUTE',
  hosting: 'if many customers share that address, raise RATE_LIMIT_PER_MINUTE',
  disputed:
    "that is a front end of Google's: the headers that name its caller are missing or disagree, as " +
    'they do when one is forged; if customers are refused: docs/limits.md',
  unlisted:
    'that may be a Firebase Hosting front end that this version does not know, or a caller posing ' +
    'as one: check it as docs/limits.md describes before you add it to TRUSTED_PROXIES',
};

/**
 * Counts one exchange of an address.
 *
 * @param hops Number of entries in `X-Forwarded-For`; logged.
 * @param via Where the address comes from; selects the remedy that is logged.
 * @throws Problem `rate-limited` with `Retry-After`.
 */
export type RateLimit = (address: string, hops: number, via?: Via) => Promise<void>;

/** `points` per `seconds`. */
export interface Quota {
  readonly points: number;
  readonly seconds: number;
}

/** As in rate-limiter-flexible: rejects with the current counts when an address is over quota. */
export interface Limiter {
  consume(address: string): Promise<unknown>;
}

/** Called on the first limited request, because loading rate-limiter-flexible is slow. */
export type OpenLimiter = (quota: Quota) => Promise<Limiter>;

/** Counts in this instance's memory: with N instances the effective limit is N times higher. */
export const inMemory: OpenLimiter = async ({ points, seconds }) => {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  return new RateLimiterMemory({ points, duration: seconds });
};

/** Counts a request of somebody. @returns seconds until the next one; undefined: go ahead */
export type Count = (key: string) => Promise<number | undefined>;

/**
 * Counts requests per key and minute.
 *
 * Limit and burst share the same window, so a single counter is enough: 30 calls plus a burst of 10
 * are 40 per minute.
 *
 * @param perMinute 0 disables the limit and never calls `open`.
 */
export function counter(perMinute: number, open: OpenLimiter): Count {
  if (perMinute === 0) return () => Promise.resolve(undefined);
  let opening: Promise<Limiter> | undefined;
  return async (key) => {
    opening ??= open({ points: perMinute + BURST, seconds: WINDOW_SECONDS }).catch(
      (error: unknown) => {
        // The next request retries.
        opening = undefined;
        throw error;
      },
    );
    const limiter = await opening;
    try {
      await limiter.consume(key);
      return undefined;
    } catch (refusal) {
      // Over quota, the library rejects with its counts, not with an Error.
      if (refusal instanceof Error) throw refusal;
      const { msBeforeNext } = refusal as { readonly msBeforeNext: number };
      return Math.max(1, Math.ceil(msBeforeNext / 1_000));
    }
  };
}

/**
 * Limits exchanges per client address and minute. Keeps one caller from using up the capacity of the
 * bridge and its quota at Tiki; no defence against distributed callers.
 *
 * @param perMinute 0 disables the limit and never calls `open`.
 */
export function rateLimit(perMinute: number, open: OpenLimiter = inMemory): RateLimit {
  const count = counter(perMinute, open);
  return async (address, hops, via = 'direct') => {
    const retryAfterSeconds = await count(address);
    if (retryAfterSeconds === undefined) return;
    throw new Problem('rate-limited', {
      operator: {
        cause: `Too many exchanges from ${address}; X-Forwarded-For had ${hops} entries`,
        remedy: REMEDY[via],
      },
      retryAfterSeconds,
    });
  };
}
