import { request } from 'node:http';
import type { WireMessage } from './message';

/** The status of the answer, or why there was none. */
export type SendOutcome = number | 'no-answer' | 'network-failure';

export interface SendOptions {
  /** For the whole answer, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** POSTs a message. Redirects are not followed, and nothing of the answer counts but its status. */
export function send(
  url: string,
  { headers, body }: WireMessage,
  { timeoutMs, signal }: SendOptions,
): Promise<SendOutcome> {
  return new Promise((resolve) => {
    // A connection of its own: none is left open afterwards.
    const sent = request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { ...headers, 'Content-Length': String(body.length) },
    });
    const end = (outcome: SendOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      end('no-answer');
      sent.destroy();
    }, timeoutMs);
    sent.once('response', (response) => {
      // To the end, because the backend may be cut off while it writes.
      response.resume();
      response.once('error', () => {
        end('network-failure');
      });
      response.once('end', () => {
        end(response.statusCode ?? 0);
      });
    });
    sent.once('error', () => {
      end('network-failure');
    });
    sent.end(body);
  });
}
