import type { CircuitBreaker } from '../../upstream/circuit-breaker';
import type { Count } from './count';

/**
 * Leaves a store alone that keeps failing, so that not every login waits for nothing. A refusal is
 * a failure like any other here: it takes time and counts nothing.
 *
 * @param failed Told of each failure; not of the calls that were spared after some.
 */
export function withBreaker(
  count: Count,
  breaker: CircuitBreaker,
  failed: (error: unknown) => void,
): Count {
  return async (...args) => {
    const { permit } = breaker.admit();
    if (!permit) throw new Error('The store has failed too often and is left alone for a moment');
    try {
      const counted = await count(...args);
      permit('success');
      return counted;
    } catch (error) {
      permit('failure');
      failed(error);
      throw error;
    }
  };
}
