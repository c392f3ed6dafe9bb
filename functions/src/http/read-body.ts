import { Readable } from 'node:stream';
import { Problem } from '../problem';
import type { IncomingRequest } from './request';
import { declaredBody } from '../server/unread-bodies';
import { dropBody } from '../server/unread-rest';

export interface BodyBounds {
  readonly maxBytes: number;
  /** Milliseconds until the last byte. */
  readonly timeoutMs: number;
}

/** Ten times what a line of the smallest segments makes of the largest body; each costs CPU time. */
const MAX_CHUNKS = 2_000;

function collect(stream: Readable, { maxBytes, timeoutMs }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // One buffer that grows. A chunk may be a single byte, and kept as it is takes a few hundred.
    let body = Buffer.alloc(0);
    let bytes = 0;
    let chunks = 0;
    const settle = (conclude: () => void) => () => {
      clearTimeout(timer);
      stream.off('data', take).off('end', finish).off('close', giveUp).off('error', giveUp);
      conclude();
    };
    const finish = settle(() => {
      resolve(body.subarray(0, bytes));
    });
    const giveUp = settle(() => {
      reject(new Problem('invalid-request', { request: { body: 'incomplete' } }));
    });
    const refuse = settle(() => {
      dropBody(stream);
      reject(new Problem('payload-too-large'));
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
    stream.on('data', take).on('end', finish).on('close', giveUp).on('error', giveUp);
  });
}

/**
 * The bytes of a request's body: out of its stream, or as whoever runs the function has read them.
 * Undefined where there is neither, only a body that somebody has parsed.
 *
 * @throws Problem `payload-too-large`, also for too many chunks; `invalid-request` for a body that
 *   does not come to its end.
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
