import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { header, type IncomingRequest } from '../http/request';
import { ClientGone } from '../http/serve';
import { Problem } from '../problem';
import type { KeptAliveSockets } from '../upstream/http-client';
import {
  BodyTooLong,
  bounded,
  openStream,
  type StreamCall,
  type WriteRequestBody,
} from '../upstream/http-stream';

/** Of a request and of an answer. */
export const MAX_BYTES = 10 * 1024 * 1024;

const RETRY_AFTER_SECONDS = 2;

const tooLarge = (): Problem =>
  new Problem('payload-too-large', { request: { maxBytes: MAX_BYTES } });

function badAnswer(cause: string, remedy?: string): Problem {
  return new Problem('upstream-bad-response', {
    operator: { cause, ...(remedy !== undefined && { remedy }) },
  });
}

/** A body that may be sent on, and its length where that is known. */
export interface ForwardedBody {
  readonly body: Buffer | WriteRequestBody;
  readonly length: number | undefined;
}

const LENGTH = /^\d{1,15}$/;

/** Node's `pipeline` would replace the chunks' error with that of a broken connection. */
async function writeAll(
  chunks: AsyncIterable<Buffer>,
  outgoing: ClientRequest,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of bounded(chunks, MAX_BYTES)) {
    if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal });
  }
  outgoing.end();
}

/**
 * The request's body, to be sent as it arrives; undefined if there is none. Without a length it is
 * sent in chunks.
 *
 * @param signal Ends the wait for a backend that does not read.
 * @throws Problem `payload-too-large`, `unsupported-media-type`
 */
export function bodyOf(request: IncomingRequest, signal: AbortSignal): ForwardedBody | undefined {
  const { rawBody } = request;
  if (rawBody) {
    if (rawBody.length > MAX_BYTES) throw tooLarge();
    return rawBody.length === 0 ? undefined : { body: rawBody, length: rawBody.length };
  }
  const length = header(request, 'content-length');
  const isChunked = header(request, 'transfer-encoding') !== undefined;
  if (!isChunked && (length === undefined || length === '0')) return undefined;
  if (Number(length ?? 0) > MAX_BYTES) throw tooLarge();
  // A compressed body could be any size once the backend has decompressed it.
  if ((header(request, 'content-encoding') ?? 'identity') !== 'identity') {
    throw new Problem('unsupported-media-type');
  }
  return {
    // Not the request itself, which a loop that ends early would destroy: its caller gets an answer.
    body: (outgoing) => writeAll(request.iterator({ destroyOnReturn: false }), outgoing, signal),
    length: length !== undefined && LENGTH.test(length) ? Number(length) : undefined,
  };
}

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN';
};

function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Problem) return error;
  if (signal.aborted) return signal.reason;
  const code = codeOf(error);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new ClientGone();
  if (code.startsWith('HPE_')) return badAnswer(`The backend's answer is not HTTP: ${code}`);
  return new Problem('upstream-unavailable', {
    operator: { cause: `The connection to the backend failed: ${code}` },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** @throws Problem `upstream-bad-response` */
function requireRelayable({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode < 200 || statusCode > 599) {
    throw badAnswer(`The backend answered with HTTP status ${statusCode}`);
  }
  // Where it leads was chosen by the backend, or by a login page in front of it: neither is a place
  // of this domain.
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
    throw badAnswer(
      `The backend answered with the redirecting status ${statusCode}`,
      'have the backend answer 200 with the address; behind Identity-Aware Proxy, set ' +
        'PRIVATE_BACKEND_AUDIENCE to the OAuth client id of the proxy',
    );
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw badAnswer('The backend answered in an encoding that was not asked for');
  }
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES) {
    throw badAnswer(`The backend's answer is longer than ${MAX_BYTES} bytes`);
  }
}

/**
 * Sends a call and resolves with the beginning of its answer. Nothing is sent twice, and no redirect
 * is followed.
 *
 * @param signal Ends the call, with its reason as the error.
 * @throws Problem `payload-too-large`, `upstream-unavailable`, `upstream-bad-response`
 */
export async function ask(
  call: StreamCall,
  sockets: KeptAliveSockets,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let answer: IncomingMessage | undefined;
  try {
    answer = await openStream(call, sockets, signal);
    requireRelayable(answer);
    return answer;
  } catch (error) {
    answer?.destroy();
    // Of the request: an answer is not read yet.
    throw error instanceof BodyTooLong ? tooLarge() : failureOf(error, signal);
  }
}

/**
 * Passes a body on as it arrives, no faster than the caller reads it, without ending `to`. The status
 * has been sent by then: after a failure the connection is closed, so that a truncated answer is not
 * mistaken for a complete one.
 */
export async function relay(
  body: IncomingMessage,
  to: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  // `pipeline` neither ends nor destroys a destination with `end: false`.
  const breakOff = (): void => void to.destroy();
  signal.addEventListener('abort', breakOff);
  try {
    await pipeline(body, (chunks: AsyncIterable<Buffer>) => bounded(chunks, MAX_BYTES), to, {
      signal,
      end: false,
    });
  } catch (error) {
    breakOff();
    throw error instanceof BodyTooLong
      ? badAnswer(`The backend's answer is longer than ${MAX_BYTES} bytes`)
      : failureOf(error, signal);
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}
