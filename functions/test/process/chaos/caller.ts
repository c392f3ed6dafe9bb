import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Manner } from './fates';

export interface Answer {
  readonly status: number;
  /** `Retry-After` in seconds; 0 without one. */
  readonly retryAfter: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

export interface Caller {
  exchange(code: string, requestId: string, manner: Manner): Promise<Answer>;
  hangUp(): void;
}

const DRIP_MS = 1_000;
/** Shorter than the server's keep-alive, so that no request uses a closing connection. */
const MAX_IDLE_MS = 2_000;

/** Calls over keep-alive connections, some of them slow or stalled. */
export function createCaller(origin: string): Caller {
  const agent = new Agent({ keepAlive: true, timeout: MAX_IDLE_MS });
  return {
    exchange: (code, requestId, manner) =>
      new Promise((resolve, reject) => {
        const start = performance.now();
        const body = JSON.stringify({ code });
        const outgoing = request(`${origin}/auth_exchange`, {
          agent,
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': body.length,
            'X-Request-Id': requestId,
          },
        });
        outgoing.on('error', reject);
        outgoing.on('response', (answer) => {
          json(answer)
            .then((parsed) => {
              resolve({
                status: answer.statusCode ?? 0,
                retryAfter: Number(answer.headers['retry-after'] ?? 0),
                // Each field is checked before use.
                body: parsed as Record<string, unknown>,
                ms: performance.now() - start,
              });
              // A connection with an incomplete request cannot be reused.
              if (manner === 'stalls') outgoing.destroy();
            })
            .catch(reject);
        });
        if (manner === 'at-once') {
          outgoing.end(body);
          return;
        }
        const half = body.length / 2;
        outgoing.write(body.slice(0, half));
        if (manner === 'drips') setTimeout(() => outgoing.end(body.slice(half)), DRIP_MS);
      }),
    hangUp: () => {
      agent.destroy();
    },
  };
}
