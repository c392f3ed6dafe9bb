// By node:http and not axios: axios parses the address as a URL, which would normalise the path once
// more after it was checked.
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KeptAliveSockets } from './http-client';

/**
 * Writes a body as it arrives from elsewhere, and ends it. A rejection breaks the call off: the
 * upstream sees a body without its end.
 */
export type WriteRequestBody = (outgoing: ClientRequest) => Promise<void>;

/** A call whose answer is passed on as it arrives. */
export interface StreamCall {
  readonly base: URL;
  /** With its query; follows the base's own path, and is sent exactly as it is. */
  readonly path: string;
  readonly method: string;
  /** With `content-length` for a buffer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | WriteRequestBody | undefined;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('not an error', { cause: thrown });
}

/**
 * A body without a length is sent in chunks, also after GET and DELETE: Node would write it without
 * any framing, and the upstream would read it as the next request.
 */
function framing({ headers, body }: StreamCall): Readonly<Record<string, string>> {
  const hasLength = Object.keys(headers).some((name) => name.toLowerCase() === 'content-length');
  return typeof body === 'function' && !hasLength ? { 'transfer-encoding': 'chunked' } : {};
}

/**
 * Sends a call and resolves with the beginning of its answer. Redirects are not followed, proxies
 * of the environment are ignored, nothing is sent twice. Rejects with Node's error, or with that of
 * the body. The answer may begin before the body has been sent.
 *
 * @param signal Ends the call.
 */
export async function openStream(
  call: StreamCall,
  sockets: KeptAliveSockets,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { base, path, method, headers, body } = call;
  const secure = base.protocol === 'https:';
  sockets.dropStale();
  const options = {
    protocol: base.protocol,
    hostname: base.hostname,
    port: base.port,
    path: base.pathname.replace(/\/$/, '') + path,
    method,
    headers: { ...headers, ...framing(call) },
    signal,
    agent: secure ? sockets.httpsAgent : sockets.httpAgent,
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (secure ? https : http).request(options, resolve);
    outgoing.on('error', reject);
    // Node would report 101 as a connection that broke.
    outgoing.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer);
    });
    if (typeof body !== 'function') outgoing.end(body);
    else body(outgoing).catch((error: unknown) => outgoing.destroy(asError(error)));
  });
}

/** A streamed body is longer than it may be. */
export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong';
}

/** Passes chunks on. @throws BodyTooLong instead of the chunk that goes beyond `maxBytes`. */
export async function* bounded(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLong();
    yield chunk;
  }
}

/**
 * Passes a body on as it arrives, no faster than the caller reads it, without ending `to`. The status
 * has been sent by then: all that can be done about a failure is to close the connection, so that a
 * truncated answer is not mistaken for a complete one. Rejects as `bounded` does, or with Node's error.
 *
 * @param signal Ends it.
 */
export async function relayStream(
  body: Readable,
  to: Writable,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  // `pipeline` neither ends nor destroys a destination with `end: false`.
  const breakOff = (): void => void to.destroy();
  signal.addEventListener('abort', breakOff);
  try {
    await pipeline(body, (chunks) => bounded(chunks, maxBytes), to, { signal, end: false });
  } catch (error) {
    breakOff();
    throw error;
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}
