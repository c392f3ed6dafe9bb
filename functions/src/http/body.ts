import type { ServerResponse } from 'node:http';
import { header, type IncomingRequest } from './request';
import { Problem } from '../problem';

export interface BodyBounds {
  readonly maxBytes: number;
  /** Milliseconds until the last byte. */
  readonly timeoutMs: number;
}

/** Ten times the chunks that a maximum-size body needs in minimum-size TCP segments. */
const MAX_CHUNKS = 2_000;

const tooLarge = (maxBytes: number): Problem =>
  new Problem('payload-too-large', { request: { maxBytes } });

/** Reads into one buffer that grows: a chunk may be a single byte, and keeping each costs more. */
function collect(request: IncomingRequest, { maxBytes, timeoutMs }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let body = Buffer.alloc(0);
    let bytes = 0;
    let chunks = 0;
    const settle = (conclude: () => void) => () => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('close', giveUp).off('error', giveUp);
      conclude();
    };
    const finish = settle(() => {
      resolve(body.subarray(0, bytes));
    });
    const giveUp = settle(() => {
      reject(new Problem('invalid-request', { request: { body: 'incomplete' } }));
    });
    const refuse = settle(() => {
      stopReceiving(request);
      reject(tooLarge(maxBytes));
    });
    const take = (chunk: Buffer): void => {
      const end = bytes + chunk.length;
      chunks += 1;
      if (end > maxBytes || chunks > MAX_CHUNKS) {
        refuse();
        return;
      }
      if (end > body.length) {
        const larger = Buffer.alloc(Math.min(maxBytes, Math.max(end, 2 * body.length)));
        body.copy(larger, 0, 0, bytes);
        body = larger;
      }
      chunk.copy(body, bytes);
      bytes = end;
    };
    const timer = setTimeout(giveUp, timeoutMs);
    request.on('data', take).on('end', finish).on('close', giveUp).on('error', giveUp);
    // The caller hung up while the handler was loaded: no event will come.
    if (request.destroyed && !request.complete) giveUp();
  });
}

/**
 * The bytes of a request's body, from its stream or as a framework has already read them.
 *
 * @throws Problem `payload-too-large`, also for too many chunks; `invalid-request` for a body that
 *   does not arrive completely in time.
 */
export async function readBody(request: IncomingRequest, bounds: BodyBounds): Promise<Buffer> {
  const { rawBody } = request;
  if (!rawBody) return collect(request, bounds);
  if (rawBody.length > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
  return rawBody;
}

/** A type of body that is accepted somewhere. */
export type MediaType = 'application/json' | 'text/plain' | 'application/x-www-form-urlencoded';

const JSON_ONLY: readonly MediaType[] = ['application/json'];

/**
 * Judges a body by its headers, before any of it is read. Parameters such as a charset are ignored:
 * JSON and forms are always UTF-8.
 *
 * @returns Which of `types` the body is declared as.
 * @throws Problem `payload-too-large` or `unsupported-media-type`
 */
export function requireSmallBody(
  request: IncomingRequest,
  maxBytes: number,
  types: readonly MediaType[] = JSON_ONLY,
): MediaType {
  if (Number(header(request, 'content-length') ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const [essence = ''] = (header(request, 'content-type') ?? '').split(';', 1);
  const type = types.find((each) => each === essence.trim().toLowerCase());
  const encoding = header(request, 'content-encoding') ?? 'identity';
  if (type === undefined || encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported-media-type');
  }
  return type;
}

/** @throws Problem `invalid-request`, which does not quote the body. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new Problem('invalid-request', { request: { body: 'not-json' } });
  }
}

/** Node may read and discard the rest of a body this small after the response. */
const SMALL_BYTES = 64 * 1024;
/** Time for the response to reach a caller who is still sending; a reset could discard it. */
const LINGER_MS = 2_000;

/** Whether more of the body is to come than Node may read and discard. */
export function hasLargeRest({ complete, headers }: IncomingRequest): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0) > SMALL_BYTES
    : true;
}

/**
 * Receives no more of a large body. By default Node reads the rest at full speed to discard it, in
 * buffers that pile up faster than they are collected: a few dozen callers fill an instance. What
 * has arrived already is discarded chunk by chunk, since chunks of a single byte that wait in the
 * stream take hundreds of bytes each.
 *
 * A paused socket does not notice that its caller hung up; the time-outs of the call end it then.
 */
export function stopReceiving(request: IncomingRequest): void {
  if (!hasLargeRest(request)) return;
  request.on('data', () => undefined);
  // A listener for data makes Node read from the socket on the next tick; this comes after that.
  setImmediate(() => request.socket.pause());
}

/**
 * Ends a response that has been written. Where the caller may still be sending a large body, this
 * waits a moment: Node closes the connection with the end, and unread bytes turn that into a reset.
 */
export function endResponse(request: IncomingRequest, response: ServerResponse): void {
  if (!hasLargeRest(request)) {
    response.end();
    return;
  }
  stopReceiving(request);
  response.flushHeaders();
  const timer = setTimeout(() => response.end(), LINGER_MS);
  response.once('close', () => {
    clearTimeout(timer);
  });
}
