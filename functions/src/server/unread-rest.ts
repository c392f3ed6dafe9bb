import type { Response } from 'firebase-functions/https';
import { IncomingMessage } from 'node:http';
import { declaredBody } from './unread-bodies';

/** So little may come after its answer without further thought. */
const SMALL_BYTES = 64 * 1024;
/** For the answer to reach a caller who is still sending; cutting the line at once could lose it. */
const LINGER_MS = 2_000;

/**
 * Keeps nothing of a large body, and receives no more of it. Node would receive the rest at full speed
 * to throw it away, in buffers that pile up faster than they are collected: a few dozen callers fill
 * an instance. What lies unread in the stream would do so as well, in chunks of a single byte.
 *
 * @returns The request, if it has such a body: then its connection is of no further use.
 */
export function dropBody(request: object): IncomingMessage | undefined {
  if (!(request instanceof IncomingMessage) || request.complete) return undefined;
  const declared = declaredBody(request);
  if (!declared || (declared.contentLength ?? Infinity) <= SMALL_BYTES) return undefined;
  // As if somebody were reading, and had stopped for a moment.
  request.on('data', () => undefined).pause();
  // What has come already, and what comes with the same read of the socket.
  request.read();
  request.push = () => false;
  return request;
}

/**
 * To be called before a request is answered whose body may not have been read to its end: the rest
 * stays where it is, and the connection closes, a moment after the answer.
 */
export function leaveRestUnread(request: object, response: Pick<Response, 'set'>): void {
  const dropped = dropBody(request);
  if (!dropped) return;
  // Nobody may send another request on it. Node then closes the connection as soon as the answer is
  // written; whatever had come unread by then would make that a reset, and the answer might be lost.
  response.set('Connection', 'close');
  const { socket } = dropped;
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  };
}
