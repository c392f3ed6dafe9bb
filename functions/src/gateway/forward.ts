import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ClientGone } from '../http/serve';
import { Problem } from '../problem';
import { BodyTooLong, bounded, openStream, type StreamCall } from '../upstream/http-stream';
import type { KeptAliveSockets } from '../upstream/http-client';
import type { UpstreamName } from '../google/upstreams';

/** Four documents of the maximum size that Firestore accepts, or a long page of small ones. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const RETRY_AFTER_SECONDS = 2;

/** A call to Google, ready to be sent. */
export interface UpstreamCall extends StreamCall {
  readonly upstream: UpstreamName;
}

/** Status and headers of an answer, and its body as it arrives. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

function badAnswer(cause: string): Problem {
  return new Problem('upstream-bad-response', { operator: { cause } });
}

function tooLong(): Problem {
  return new Problem('upstream-bad-response', {
    request: { maxAnswerBytes: MAX_ANSWER_BYTES },
    operator: {
      cause: `Google's answer is longer than ${MAX_ANSWER_BYTES} bytes`,
      remedy: 'have the app ask for fewer documents at once (limit) or fewer fields (select)',
    },
  });
}

/** Node's names for answers that are not HTTP. */
const UNREADABLE = /^HPE_/;

function codeOf(error: unknown): string {
  const given = typeof error === 'object' && error !== null;
  const code: unknown = given ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN';
}

/** What went wrong: the call was ended here, the answer cannot be used, or the connection failed. */
function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof BodyTooLong) return tooLong();
  // Node's error for a call that was ended here differs: the reason itself, an AbortError or, within
  // a body and depending on the version, ECONNRESET.
  if (signal.aborted) return signal.reason;
  const code = codeOf(error);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new ClientGone();
  if (UNREADABLE.test(code)) return badAnswer(`Google's answer is not HTTP: ${code}`);
  return new Problem('upstream-unavailable', {
    operator: { cause: `The connection to Google failed: ${code}` },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** @throws Problem `upstream-bad-response` for an answer that cannot be passed on. */
function requireRelayable(status: number, headers: IncomingHttpHeaders): void {
  // Beyond 599 there is no HTTP; below 200 only 101 gets here, and no protocol was to be switched.
  if (status < 200 || status > 599) {
    throw badAnswer(`Google answered with HTTP status ${status}, which is not final or not HTTP's`);
  }
  if (status >= 300 && status < 400) {
    throw badAnswer(`Google answered with the redirecting status ${status}`);
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw badAnswer('Google answered in an encoding that was not asked for');
  }
  if (Number(headers['content-length'] ?? 0) > MAX_ANSWER_BYTES) {
    throw tooLong();
  }
}

/**
 * Sends a call and resolves with the beginning of its answer; see `openStream`.
 *
 * @param signal Ends the call, with its reason as the error.
 * @throws Problem `upstream-unavailable`, `upstream-bad-response`
 */
export async function ask(
  call: UpstreamCall,
  sockets: KeptAliveSockets,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  let body: IncomingMessage | undefined;
  try {
    body = await openStream(call, sockets, signal);
    const status = Number(body.statusCode);
    requireRelayable(status, body.headers);
    return { status, headers: body.headers, body };
  } catch (error) {
    body?.destroy();
    throw failureOf(error, signal);
  }
}

/**
 * Passes a body on as it arrives, no faster than the caller reads it, without ending `to`. The status has been sent by
 * then: all that can be done about a failure is to close the connection, so that a
 * truncated answer is not mistaken for a complete one.
 *
 * @throws Problem as `ask` does, after `to` has been destroyed.
 */
export async function relay(body: Readable, to: Writable, signal: AbortSignal): Promise<void> {
  // `pipeline` neither ends nor destroys a destination with `end: false`.
  const breakOff = (): void => void to.destroy();
  signal.addEventListener('abort', breakOff);
  try {
    await pipeline(body, (chunks) => bounded(chunks, MAX_ANSWER_BYTES), to, { signal, end: false });
  } catch (error) {
    breakOff();
    throw failureOf(error, signal);
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}

/** As much as is read of an answer that is looked at before it is passed on. */
const MAX_READ_BYTES = 64 * 1024;

/**
 * Reads a short body whole.
 *
 * @throws Problem as `ask` does.
 */
export async function readAnswer(body: Readable, signal: AbortSignal): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bounded(body, MAX_READ_BYTES)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } catch (error) {
    throw error instanceof BodyTooLong
      ? badAnswer(`Google's error is longer than ${MAX_READ_BYTES} bytes`)
      : failureOf(error, signal);
  }
}
