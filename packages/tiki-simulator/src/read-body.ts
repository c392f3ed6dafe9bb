import type { IncomingMessage } from 'node:http';

export interface Body {
  readonly bytes: Buffer;
  /** Whether there was more than `limit`; `bytes` is then the beginning. */
  readonly tooLarge: boolean;
}

/**
 * Reads a request's body, keeping `limit` bytes at most. It reads on to the end even so: an answer
 * sent before that can get lost in a reset. Throws if the connection ends first.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let kept = 0;
  let tooLarge = false;
  // The stream has no encoding set, so its chunks are buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const room = limit - kept;
    tooLarge ||= chunk.length > room;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    kept += Math.min(chunk.length, room);
  }
  return { bytes: Buffer.concat(chunks), tooLarge };
}
