import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  /** Everything that came: status line, headers, body. */
  readonly text: string;
}

/**
 * Sends bytes as they are, for requests that no HTTP client would make, and reads to the end. Of
 * several answers on the connection the status is the first's.
 */
export async function sendRaw(origin: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(bytes, 'latin1'));
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), text: answer };
}

/** A request without a body whose target is exactly this. */
export function sendTarget(origin: string, target: string, method = 'GET'): Promise<RawAnswer> {
  return sendRaw(origin, `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
}
