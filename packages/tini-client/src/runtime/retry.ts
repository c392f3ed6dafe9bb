import { type ErrorCode, isTransient, type TikiFirebaseError } from '../errors';
import { type Context } from './context';

/** Tries up to three times, as long as the error is `alsoRetry` or of a kind that passes. */
export async function withRetry<T>(
  context: Context,
  attempt: () => Promise<T>,
  alsoRetry?: ErrorCode,
): Promise<T> {
  const most = 3;
  // Up to as much again is random, so that phones that lost the same network come back one by one.
  const pauseMs = 300;
  // A user is waiting: a server that wants longer gets no second attempt.
  const longestRetryAfterS = 5;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      // Whatever else it is, it has no extras; then it is thrown.
      const { code = '', extras: { retryAfter = 0 } = {} } = error as Partial<TikiFirebaseError>;
      const mayPass = code === alsoRetry || isTransient(code);
      if (!mayPass || attempts === most || retryAfter > longestRetryAfterS) {
        throw error;
      }
      const { setTimeout } = context;
      const pause = pauseMs * attempts * (1 + context.random());
      await new Promise<void>((resolve) => setTimeout(resolve, Math.max(pause, retryAfter * 1000)));
    }
  }
}
