import type { ServerResponse } from 'node:http';
import type { IncomingRequest } from './request';

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
 */
export function stopReceiving(request: IncomingRequest): void {
  if (!hasLargeRest(request)) return;
  request.on('data', () => undefined);
  request.socket.pause();
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
