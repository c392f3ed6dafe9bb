import type { IncomingMessage } from 'node:http';

export interface Body {
  readonly bytes: Buffer;
  /** Whether the body exceeded `limit`; `bytes` is then truncated. */
  readonly tooLarge: boolean;
}

/**
 * Reads a request's body and keeps at most `limit` bytes. Always reads to the end, because an answer
 * sent earlier can be lost in a TCP reset. Throws if the connection closes first.
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
