import axios, { AxiosError, AxiosHeaders } from 'axios';
import type { Clock } from '../clock';
import { keptAliveSockets } from './kept-alive-sockets';
import type { Answer, CallFailure } from './outcome';

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
