import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  /** Everything received: status line, headers, body. */
  readonly text: string;
}

/**
 * Sends raw bytes, for requests that HTTP clients refuse to send, and reads to the end. `status` is
 * that of the first response on the connection.
 */
export async function sendRaw(origin: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(bytes, 'latin1'));
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), text: answer };
}

/** Sends a request without a body with exactly this target. */
export function sendTarget(origin: string, target: string, method = 'GET'): Promise<RawAnswer> {
  return sendRaw(origin, `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
}
