import { type ErrorCode, isTransient, type TikiFirebaseError } from '../errors';
import { type Context } from './context';

/**
 * Up to three attempts while the error is transient or `alsoRetry`; while it is one of these codes, if
 * that is a list.
 */
export async function withRetry<T>(
  context: Context,
  attempt: () => Promise<T>,
  alsoRetry?: ErrorCode | readonly ErrorCode[],
): Promise<T> {
  const most = 3;
  // Jitter of up to 100 % spreads the retries of phones that lost the same network.
  const pauseMs = 300;
  // A user is waiting: no retry if the server asks for a longer pause.
  const longestRetryAfterS = 5;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      // Any other error has no extras and is rethrown.
      const { code = '', extras: { retryAfter = 0 } = {} } = error as Partial<TikiFirebaseError>;
      const mayPass = Array.isArray(alsoRetry)
        ? alsoRetry.indexOf(code) >= 0
        : code === alsoRetry || isTransient(code);
      if (!mayPass || attempts === most || retryAfter > longestRetryAfterS) {
        throw error;
      }
      const { setTimeout } = context;
      const pause = pauseMs * attempts * (1 + context.random());
      await new Promise<void>((resolve) => setTimeout(resolve, Math.max(pause, retryAfter * 1000)));
    }
  }
}
