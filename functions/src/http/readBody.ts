import { Readable } from 'node:stream';
import { Problem } from '../problem';
import type { IncomingRequest } from './request';
import { declaredBody } from './unreadBodies';

export interface BodyBounds {
  readonly maxBytes: number;
  /** Milliseconds until the last byte. */
  readonly timeoutMs: number;
}

function collect(stream: Readable, { maxBytes, timeoutMs }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (finish: () => void) => () => {
      clearTimeout(timer);
      stream.off('data', take).off('end', end).off('close', giveUp).off('error', giveUp);
      finish();
    };
    const end = settle(() => {
      resolve(Buffer.concat(chunks));
    });
    const giveUp = settle(() => {
      reject(new Problem('invalid-request', { request: { body: 'incomplete' } }));
    });
    const refuse = settle(() => {
      // Not destroyed: the answer still has to go out on the same socket. The rest is `leaveRestUnread`'s.
      stream.pause();
      reject(new Problem('payload-too-large'));
    });
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse();
      else chunks.push(chunk);
    };
    const timer = setTimeout(giveUp, timeoutMs);
    stream.on('data', take).on('end', end).on('close', giveUp).on('error', giveUp);
  });
}

/**
 * The bytes of a request's body: out of its stream, or as whoever runs the function has read them.
 * Undefined where there is neither, only a body that somebody has parsed.
 *
 * @throws Problem `payload-too-large`, or `invalid-request` for a body that does not come to its end.
 */
export async function readBody(
  request: IncomingRequest,
  bounds: BodyBounds,
): Promise<Buffer | undefined> {
  const { rawBody } = request;
  if (rawBody) {
    if (rawBody.length > bounds.maxBytes) throw new Problem('payload-too-large');
    return rawBody;
  }
  const unread = declaredBody(request) !== undefined && request instanceof Readable;
  return unread ? collect(request, bounds) : undefined;
}
