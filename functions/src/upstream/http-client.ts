import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import axios, { AxiosError, AxiosHeaders } from 'axios';
import type { Clock } from '../clock';
import type { Answer, CallFailure } from './outcome';

/**
 * How long a connection may be idle and still be used. An auth code must not be risked on a
 * connection that the other side may be closing: the failure would be unclear, and a code whose
 * fate is unclear cannot be sent again.
 */
const MAX_IDLE_MS = 4_000;

/** Calls in progress to one host; above an instance's own concurrency of 80. */
const MAX_SOCKETS = 256;

export interface KeptAliveSockets {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** Called before each request. */
  dropStale(): void;
  destroy(): void;
}

/**
 * Connections that stay open between requests, so that a login does not pay for a TLS handshake.
 *
 * An instance without traffic is frozen, its timers with it. A time-out alone would fire too late,
 * so the age of idle sockets is checked when the next request is about to leave.
 */
export function keptAliveSockets(clock: Pick<Clock, 'elapsed'>): KeptAliveSockets {
  const idleSince = new WeakMap<Socket, number>();
  const options = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    scheduling: 'lifo',
    timeout: MAX_IDLE_MS,
  } as const;
  const agents = [new http.Agent(options), new https.Agent(options)] as const;
  for (const agent of agents) {
    agent.on('free', (socket: Socket) => idleSince.set(socket, clock.elapsed()));
  }
  return {
    httpAgent: agents[0],
    httpsAgent: agents[1],
    dropStale: () => {
      const limit = clock.elapsed() - MAX_IDLE_MS;
      for (const agent of agents) {
        for (const socket of Object.values(agent.freeSockets).flatMap((list) => list ?? [])) {
          if ((idleSince.get(socket) ?? 0) < limit) socket.destroy();
        }
      }
    },
    destroy: () => {
      agents.forEach((agent) => {
        agent.destroy();
      });
    },
  };
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8, exactly as it is. */
  readonly body?: string;
  /** Milliseconds until the last byte of the answer; whole, above 0. */
  readonly timeoutMs: number;
  /** Of the answer's body, after decompression. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** The value of a header that came once; undefined otherwise. */
  readonly header: (name: string) => string | undefined;
}

export interface HttpClient {
  /**
   * An answer with any status, or why there is none. Never rejects for what the upstream or the
   * network does. Nothing is retried.
   */
  readonly send: (call: HttpCall) => Promise<Answer<HttpAnswer> | CallFailure>;
  /** Closes idle connections, which would keep a process alive. */
  readonly close: () => void;
}

/** Node's names for answers that are not HTTP, or whose compression is broken. */
const UNREADABLE = /^(?:HPE_|Z_|ERR__ERROR_)/;

function failureOf(error: unknown, timeUp: boolean): CallFailure {
  if (timeUp) return { kind: 'no-answer' };
  // axios turns everything that the network does into its own error; anything else is our mistake.
  if (!(error instanceof AxiosError)) throw error;
  const errno = error.code ?? 'UNKNOWN';
  // axios has one code for an answer that is too long and for one that broke off.
  const tooLong = error.message.startsWith('maxContentLength');
  if (tooLong || UNREADABLE.test(errno)) return { kind: 'wrong-shape', where: 'body' };
  return { kind: 'no-connection', errno };
}

/**
 * Calls upstreams whose whole answer is read. Redirects are not followed (they would carry a
 * credential elsewhere), proxies of the environment are ignored (they would read it).
 */
export function httpClient(clock: Clock): HttpClient {
  const sockets = keptAliveSockets(clock);
  // The adapter alone: the merging, intercepting and transforming that axios puts around it has
  // nothing to do here, and would be a twentieth of a login's CPU time.
  const request = axios.getAdapter('http');
  const options = {
    httpAgent: sockets.httpAgent,
    httpsAgent: sockets.httpsAgent,
    maxRedirects: 0,
    proxy: false,
    responseType: 'arraybuffer',
    // The status is for the caller to judge.
    validateStatus: () => true,
  } as const;

  return {
    send: async ({ method, url, headers, body, timeoutMs, maxBytes }) => {
      const signal = AbortSignal.timeout(timeoutMs);
      sockets.dropStale();
      try {
        const response = await request({
          ...options,
          method,
          url,
          headers: new AxiosHeaders(headers),
          ...(body !== undefined && { data: Buffer.from(body, 'utf8') }),
          maxContentLength: maxBytes,
          signal,
        });
        return {
          kind: 'answer',
          data: {
            status: response.status,
            // What `responseType` asks for.
            body: response.data as Buffer,
            header: (name) => {
              const value: unknown = response.headers[name];
              return typeof value === 'string' ? value : undefined;
            },
          },
        };
      } catch (error) {
        return failureOf(error, signal.aborted);
      }
    },
    close: () => {
      sockets.destroy();
    },
  };
}
