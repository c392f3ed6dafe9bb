import { TimeUp, within as bounded } from '../upstream/within';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';

/**
 * Waits for a call to a Google API, but not for ever. Giving up does not undo the call: it may
 * still take effect later.
 *
 * @param name For the message: "Firestore".
 * @throws EntitlementError `code` when the time is up
 */
export async function within<T>(
  ms: number,
  { code, name }: { readonly code: EntitlementErrorCode; readonly name: string },
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await bounded(ms, call());
  } catch (error) {
    if (!(error instanceof TimeUp)) throw error;
    throw new EntitlementError(code, `${name} did not answer within ${ms} ms`);
  }
}

/** The code that Google's clients put on their errors: a number, or a string such as auth/…. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
