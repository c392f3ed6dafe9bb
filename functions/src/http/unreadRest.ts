import type { Response } from 'firebase-functions/https';
import { IncomingMessage } from 'node:http';
import { declaredBody } from './unreadBodies';

/** So little may come after its answer without further thought. */
const SMALL_BYTES = 64 * 1024;
/** For the answer to reach a caller who is still sending; cutting the line at once could lose it. */
const LINGER_MS = 2_000;

/**
 * To be called before a request is answered whose body may not have been read to its end. Node
 * would receive the rest at full speed to throw it away, in buffers that pile up faster than they
 * are collected: a few dozen callers fill an instance. So the rest stays where it is, and the
 * connection closes, a moment after the answer.
 */
export function leaveRestUnread(request: object, response: Pick<Response, 'set'>): void {
  if (!(request instanceof IncomingMessage) || request.complete) return;
  const declared = declaredBody(request);
  if (!declared || (declared.contentLength ?? Infinity) <= SMALL_BYTES) return;
  // As if somebody were reading, and had stopped for a moment.
  request.on('data', () => undefined).pause();
  // Nobody may send another request on it. Node then closes the connection as soon as the answer is
  // written; whatever had come unread by then would make that a reset, and the answer might be lost.
  response.set('Connection', 'close');
  const { socket } = request;
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  };
}
