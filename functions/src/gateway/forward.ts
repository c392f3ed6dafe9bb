import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { UpstreamName } from '../google/upstreams';
import { Problem } from '../problem';
import type { KeptAliveSockets } from '../upstream/http-client';
import {
  BodyTooLong,
  bounded,
  openStream,
  relayStream,
  type StreamCall,
} from '../upstream/http-stream';
import { streamFailure } from '../upstream/stream-failure';

/** Four documents of the maximum size that Firestore accepts, or a long page of small ones. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

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

function failureOf(error: unknown, signal: AbortSignal): unknown {
  return error instanceof BodyTooLong ? tooLong() : streamFailure(error, signal, 'Google');
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
 * Passes a body on; see `relayStream`.
 *
 * @throws Problem as `ask` does, after `to` has been destroyed.
 */
export async function relay(body: Readable, to: Writable, signal: AbortSignal): Promise<void> {
  try {
    await relayStream(body, to, MAX_ANSWER_BYTES, signal);
  } catch (error) {
    throw failureOf(error, signal);
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
