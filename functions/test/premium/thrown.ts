import { EntitlementError } from '../../src/premium/entitlement-error';

/** The error that some work ends with. Fails when it does not, or with another kind of error. */
export function thrown(work: () => unknown): EntitlementError {
  try {
    work();
  } catch (error) {
    if (error instanceof EntitlementError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
