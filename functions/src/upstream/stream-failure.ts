import { ClientGone } from '../client-gone';
import { Problem } from '../problem';

const RETRY_AFTER_SECONDS = 2;

/** Node's names for answers that are not HTTP. */
const UNREADABLE = /^HPE_/;

function codeOf(error: unknown): string {
  const given = typeof error === 'object' && error !== null;
  const code: unknown = given ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN';
}

/**
 * Why a streamed call failed: it was ended here, the answer is not HTTP, or the connection failed.
 *
 * @param signal What may have ended the call; its reason is the error then.
 * @param upstream Who was called, for the operator's log.
 */
export function streamFailure(error: unknown, signal: AbortSignal, upstream: string): unknown {
  if (error instanceof Problem) return error;
  // Node's error for a call that was ended here differs: the reason itself, an AbortError or, within
  // a body and depending on the version, ECONNRESET.
  if (signal.aborted) return signal.reason;
  const code = codeOf(error);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new ClientGone();
  if (UNREADABLE.test(code)) {
    return new Problem('upstream-bad-response', {
      operator: { cause: `The answer of ${upstream} is not HTTP: ${code}` },
    });
  }
  return new Problem('upstream-unavailable', {
    operator: { cause: `The connection to ${upstream} failed: ${code}` },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
