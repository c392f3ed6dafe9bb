import axios, { AxiosError, AxiosHeaders } from 'axios';
import type * as z from 'zod';
import type { Clock, Deadline } from '../../clock';
import { Problem } from '../../problem';
import type { CircuitBreaker, Verdict } from '../../upstream/circuit-breaker';
import {
  isTrouble,
  readAnswer,
  type RawAnswer,
  type TikiFailure,
  type TikiOutcome,
} from './outcome';
import { withRetries, type RetryPolicy } from './retry';
import { signedHeaders, type TikiCredentials } from './signature';
import type { KeptAliveSockets } from '../../upstream/kept-alive-sockets';

const MAX_ANSWER_BYTES = 64 * 1024;

/** Node's names for answers that are no HTTP, or whose compression is broken. */
const UNREADABLE = /^(?:HPE_|Z_|ERR__ERROR_)/;

export interface TikiCall<T> {
  /** Below the base URL, such as `/oauth/me`. */
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  /** The success envelope with its data. */
  readonly answer: z.ZodType<{ data: T }>;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
}

export interface TikiClient {
  /**
   * Never throws for what Tiki or the network does: that is what outcomes are for.
   *
   * @throws Problem `tiki-unavailable` without calling, while Tiki is left alone after failures.
   */
  call<T>(call: TikiCall<T>, deadline: Deadline): Promise<TikiOutcome<T>>;
}

export interface TikiClientSettings {
  readonly baseUrl: string;
  readonly credentials: TikiCredentials;
  readonly sockets: KeptAliveSockets;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  /** In [0, 1), for the jitter between attempts. */
  readonly random: () => number;
}

function failureOf(error: unknown, timeUp: boolean): TikiFailure {
  if (timeUp) return { kind: 'no-answer' };
  // axios turns everything that the network does into its own error; anything else is our mistake.
  if (!(error instanceof AxiosError)) throw error;
  const errno = error.code ?? 'UNKNOWN';
  // axios has one code for an answer that is too long and for one that broke off.
  const tooLong = error.message.startsWith('maxContentLength');
  if (tooLong || UNREADABLE.test(errno)) return { kind: 'wrong-shape', where: 'body' };
  return { kind: 'no-connection', errno };
}

/** Failures of Tiki's own; what it refuses or answers oddly is a sign of life. */
function verdictOn(outcome: TikiOutcome<unknown>, waitedInFull: boolean): Verdict {
  if (outcome.kind === 'no-answer') return waitedInFull ? 'failure' : 'unknown';
  return outcome.kind === 'no-connection' || isTrouble(outcome) ? 'failure' : 'success';
}

/**
 * The signed HTTP client for Tiki's Open API. Redirects are not followed (they would carry the
 * code elsewhere), proxies of the environment are ignored (they would read it), answers are read
 * up to 64 KiB after decompression.
 */
export function createTikiClient(settings: TikiClientSettings): TikiClient {
  const { baseUrl, credentials, sockets, breaker, clock, random } = settings;
  // By itself: the merging, intercepting and transforming that axios puts around it has nothing to do
  // here, and would be a twentieth of a login's CPU time. Bytes are parsed by us, losslessly.
  const request = axios.getAdapter('http');
  const options = {
    method: 'POST',
    httpAgent: sockets.httpAgent,
    httpsAgent: sockets.httpsAgent,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    proxy: false,
    responseType: 'arraybuffer',
    // Read together with the envelope.
    validateStatus: () => true,
  } as const;

  async function send(path: string, body: string, signal: AbortSignal): Promise<RawAnswer> {
    sockets.dropStale();
    // The bytes that are signed are the bytes that are sent.
    const response = await request({
      ...options,
      url: baseUrl + path,
      data: Buffer.from(body, 'utf8'),
      headers: new AxiosHeaders({
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...signedHeaders(credentials, clock.now(), body),
      }),
      signal,
    });
    const retryAfter: unknown = response.headers['retry-after'];
    return {
      status: response.status,
      // What `responseType` asks for.
      body: response.data as Buffer,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
  }

  return {
    call: async (call, deadline) => {
      const admission = breaker.admit();
      if (!admission.permit) {
        throw new Problem('tiki-unavailable', {
          operator: { cause: 'Tiki has failed too often and is left alone for a moment' },
          retryAfterSeconds: Math.ceil(admission.retryAfterMs / 1_000),
        });
      }
      const body = JSON.stringify(call.body);
      let waitedInFull = true;
      const attempt = async () => {
        const timeoutMs = Math.floor(Math.min(call.timeoutMs, deadline()));
        waitedInFull = timeoutMs === call.timeoutMs;
        if (timeoutMs <= 0) return { kind: 'no-answer' } as const;
        const signal = AbortSignal.timeout(timeoutMs);
        try {
          return readAnswer(await send(call.path, body, signal), call.answer);
        } catch (error) {
          return failureOf(error, signal.aborted);
        }
      };
      let verdict: Verdict = 'unknown';
      try {
        const outcome = await withRetries(call.retry, attempt, { deadline, clock, random });
        verdict = verdictOn(outcome, waitedInFull);
        return outcome;
      } finally {
        // Given back whatever happens: the one call that finds out must not find out forever.
        admission.permit(verdict);
      }
    },
  };
}
