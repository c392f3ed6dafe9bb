import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Manner } from './fates';

export interface Answer {
  readonly status: number;
  /** Seconds; 0 unless told to wait. */
  readonly retryAfter: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

export interface Caller {
  exchange(code: string, requestId: string, manner: Manner): Promise<Answer>;
  hangUp(): void;
}

const DRIP_MS = 1_000;
/** Less than a server keeps a connection, so that nobody writes on one that is just closing. */
const MAX_IDLE_MS = 2_000;

/** Callers over kept-alive connections, some with a bad line. */
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
                // Whatever it is, its fields are looked at one by one.
                body: parsed as Record<string, unknown>,
                ms: performance.now() - start,
              });
              // Who has not sent everything cannot use the line again.
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
