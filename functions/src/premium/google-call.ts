import { TimeUp, within as bounded } from '../clock';
import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';

/** Bound of one call, ms, while a request waits for it. */
export const REQUEST_MS = 2_000;
/** After so many ms, whoever watches a command wonders whether it hangs. */
export const SLOW_MS = 2_000;

/** How long one call may take: depends on who waits for it. */
export interface CallBounds {
  /** In ms; undefined: two seconds, because a request waits for it. */
  readonly timeoutMs?: number | undefined;
  /** Called with the name of the service when a call takes more than two seconds. */
  readonly onSlow?: ((name: string) => void) | undefined;
}

interface Service {
  readonly code: EntitlementErrorCode;
  /** For messages: "Firestore". */
  readonly name: string;
}

/**
 * Bounds a call to a Google API. A timeout does not undo the call: it may still take effect later.
 *
 * @throws EntitlementError `code` on timeout
 */
export async function within<T>(
  { timeoutMs = REQUEST_MS, onSlow }: CallBounds,
  { code, name }: Service,
  call: () => Promise<T>,
): Promise<T> {
  const slow = onSlow && setTimeout(onSlow, SLOW_MS, name);
  try {
    return await bounded(timeoutMs, call());
  } catch (error) {
    if (!(error instanceof TimeUp)) throw error;
    throw new EntitlementError(code, `${name} did not answer within ${timeoutMs} ms`);
  } finally {
    clearTimeout(slow);
  }
}
