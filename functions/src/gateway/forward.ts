import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KeptAliveSockets } from '../upstream/kept-alive-sockets';
import { Problem } from '../problem';
import type { UpstreamName } from './upstreams';

/** Room for four documents of the greatest size that Firestore takes, or a long page of small ones. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const RETRY_AFTER_SECONDS = 2;

/** A call to Google, ready to be sent. */
export interface UpstreamCall {
  readonly upstream: UpstreamName;
  readonly base: URL;
  /** With its query; follows the base's own path. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** The beginning of an answer, and its body still to come. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** The caller hung up before the answer was through. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

function badAnswer(cause: string): Problem {
  return new Problem('upstream-bad-response', { operator: { cause } });
}

/** Node's names for answers that are no HTTP. */
const UNREADABLE = /^HPE_/;

function codeOf(error: unknown): string {
  const given = typeof error === 'object' && error !== null;
  const code: unknown = given ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN';
}

/** What went wrong: the call was ended from here, the answer is no good, or the connection. */
function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Problem) return error;
  // Whatever Node makes of a call that was ended from here: the reason itself, an AbortError, or, in
  // the middle of a body and depending on its version, ECONNRESET.
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
  if (status >= 300 && status < 400) {
    throw badAnswer(`Google answered with the redirecting status ${status}`);
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw badAnswer('Google answered in an encoding that was not asked for');
  }
  if (Number(headers['content-length'] ?? 0) > MAX_ANSWER_BYTES) {
    throw badAnswer(`Google's answer is longer than ${MAX_ANSWER_BYTES} bytes`);
  }
}

/**
 * Sends a call and resolves with the beginning of its answer. Redirects are not followed, proxies
 * of the environment are ignored, nothing is sent twice.
 *
 * @param signal Ends the call, with its reason as the error.
 * @throws Problem `upstream-unavailable`, `upstream-bad-response`
 */
export async function ask(
  call: UpstreamCall,
  sockets: KeptAliveSockets,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { base, method, headers } = call;
  const secure = base.protocol === 'https:';
  sockets.dropStale();
  const options = {
    protocol: base.protocol,
    hostname: base.hostname,
    port: base.port,
    // Not as a URL, which would be normalised once more: this is the path that was judged.
    path: base.pathname.replace(/\/$/, '') + call.path,
    method,
    headers,
    signal,
    agent: secure ? sockets.httpsAgent : sockets.httpAgent,
  };
  let body: IncomingMessage | undefined;
  try {
    body = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = (secure ? https : http).request(options, resolve);
      outgoing.on('error', reject);
      outgoing.end(call.body);
    });
    const status = Number(body.statusCode);
    requireRelayable(status, body.headers);
    return { status, headers: body.headers, body };
  } catch (error) {
    body?.destroy();
    throw failureOf(error, signal);
  }
}

async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw badAnswer(`Google's answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    yield chunk;
  }
}

/**
 * Passes a body on as it comes, no faster than the caller takes it. By then the status is out: all
 * that can be done about a failure is to break the connection off, so that half an answer is not
 * taken for a whole one.
 *
 * @throws Problem as `ask` does, when `to` has been destroyed.
 */
export async function relay(body: Readable, to: Writable, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(body, bounded, to, { signal });
  } catch (error) {
    throw failureOf(error, signal);
  }
}
