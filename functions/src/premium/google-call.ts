import { TimeUp, within as bounded } from '../clock';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';

/**
 * Bounds a call to a Google API. A timeout does not undo the call: it may still take effect later.
 *
 * @param name For the message: "Firestore".
 * @throws EntitlementError `code` on timeout
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

/** The `code` of an error from Google's clients: a gRPC number, or a string such as `auth/…`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
