import { EntitlementError } from '../../src/premium/entitlement-error';

/** The EntitlementError that `work` throws. Fails if it throws nothing or another error. */
export function thrown(work: () => unknown): EntitlementError {
  try {
    work();
  } catch (error) {
    if (error instanceof EntitlementError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
