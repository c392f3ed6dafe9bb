import { type ErrorCode, type TikiFirebaseError } from '../errors';
import { type Context } from './context';

/** The failures that may pass, by HTTP status. Others, such as a timeout, are not retried. */
const PASSING: readonly ErrorCode[] = [
  'network', // no response
  'aborted', // 409
  'rate-limited', // 429
  'resource-exhausted', // 429
  'internal', // 500
  'unavailable', // 503, and so are the rest
  'overloaded',
  'tiki-unavailable',
  'signing-unavailable',
  'upstream-unavailable',
];

const MOST_ATTEMPTS = 3;
/** Jitter of up to 100 % spreads the retries of phones that lost the same network. */
const PAUSE_MS = 300;
/** A user is waiting: no retry if the server asks for a longer pause. */
const LONGEST_RETRY_AFTER_S = 5;

/**
 * Up to three attempts of a call that can be repeated, with growing pauses.
 *
 * @param attempt Throws a TikiFirebaseError.
 * @param passing The codes after which to try again.
 */
export async function withRetry<T>(
  context: Context,
  attempt: () => Promise<T>,
  passing: readonly ErrorCode[] = PASSING,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      // Any other error has no code of ours and is rethrown.
      const { code, extras } = error as TikiFirebaseError;
      if (passing.indexOf(code) < 0 || attempts === MOST_ATTEMPTS) throw error;
      const { retryAfter = 0 } = extras;
      if (retryAfter > LONGEST_RETRY_AFTER_S) throw error;
      const { setTimeout } = context;
      const pause = PAUSE_MS * attempts * (1 + context.random());
      await new Promise<void>((resolve) => setTimeout(resolve, Math.max(pause, retryAfter * 1000)));
    }
  }
}
