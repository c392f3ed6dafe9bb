import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { header, type IncomingRequest } from '../http/request';
import { Problem } from '../problem';
import type { KeptAliveSockets } from '../upstream/http-client';
import {
  BodyTooLong,
  bounded,
  openStream,
  relayStream,
  type StreamCall,
  type WriteRequestBody,
} from '../upstream/http-stream';
import { streamFailure } from '../upstream/stream-failure';

/** Of a request and of an answer. */
export const MAX_BYTES = 10 * 1024 * 1024;

const NAME = 'the backend';

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
    throw error instanceof BodyTooLong ? tooLarge() : streamFailure(error, signal, NAME);
  }
}

/** Passes a body on; see `relayStream`. @throws Problem as `ask` does, after `to` has been destroyed. */
export async function relay(
  body: IncomingMessage,
  to: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  try {
    await relayStream(body, to, MAX_BYTES, signal);
  } catch (error) {
    throw error instanceof BodyTooLong
      ? badAnswer(`The backend's answer is longer than ${MAX_BYTES} bytes`)
      : streamFailure(error, signal, NAME);
  }
}
