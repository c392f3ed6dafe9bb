import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { OddRequest } from './requests';

export interface Received {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Shorter than the server's keep-alive, so that no request uses a closing connection. */
const MAX_IDLE_MS = 2_000;

const agent = new Agent({ keepAlive: true, timeout: MAX_IDLE_MS });

function answerTo(outgoing: ClientRequest): Promise<Received> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (answer: IncomingMessage) => {
      text(answer).then((body) => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, type: headers['content-type'] ?? '', body });
      }, reject);
    });
  });
}

/** Sends a request unchanged, with explicit framing, which Node adds for some methods only. */
export function send(origin: string, sent: OddRequest): Promise<Received> {
  const { method, path, headers, body, framing } = sent;
  const end: Record<string, string> =
    framing === 'length'
      ? { 'content-length': String(body.length) }
      : { 'transfer-encoding': 'chunked' };
  const outgoing = httpRequest(origin, { method, path, headers: { ...headers, ...end }, agent });
  const answer = answerTo(outgoing);
  outgoing.end(body);
  return answer;
}

/**
 * Sends the beginning of a body and then a byte every `pauseMs`, so that no idle time-out fires.
 * Resolves with the answer, the milliseconds it took, and the bytes that were not sent by then.
 */
export async function sendSlowly(
  origin: string,
  { body, atOnce, pauseMs }: { body: Buffer; atOnce: number; pauseMs: number },
): Promise<Received & { readonly ms: number; readonly unsent: number }> {
  const start = performance.now();
  const outgoing = httpRequest(`${origin}/auth_exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    agent,
  });
  let sent = atOnce;
  outgoing.write(body.subarray(0, sent));
  const dripping = setInterval(() => {
    outgoing.write(body.subarray(sent, (sent += 1)));
    if (sent === body.length) {
      clearInterval(dripping);
      outgoing.end();
    }
  }, pauseMs);
  try {
    const received = await answerTo(outgoing);
    return { ...received, ms: performance.now() - start, unsent: body.length - sent };
  } finally {
    clearInterval(dripping);
    outgoing.destroy();
  }
}

/** Closes all connections. */
export function hangUp(): void {
  agent.destroy();
}
