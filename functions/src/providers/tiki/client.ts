import type * as z from 'zod';
import type { Clock } from '../../clock';
import type { Guarded } from '../../upstream/circuit-breaker';
import type { HttpClient } from '../../upstream/http-client';
import { HEALTH, type Verdict } from '../../upstream/outcome';
import type { RequestContext } from '../../upstream/request-context';
import { withRetries, type RetryPolicy } from '../../upstream/retry';
import { clockAhead } from './clock';
import { readAnswer, tikiSymptomOf, type TikiOutcome } from './outcome';
import { signedHeaders, type TikiCredentials } from './signature';

const MAX_ANSWER_BYTES = 64 * 1024;

export interface TikiCall<T> {
  /** Below the base URL, such as `/oauth/me`; with the query, as it is sent and signed. */
  readonly path: string;
  /** Undefined: GET. */
  readonly body?: object;
  /** The success envelope with its data. */
  readonly answer: z.ZodType<{ data: T }>;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** Of the answer; undefined: 64 KiB. */
  readonly maxBytes?: number;
}

export interface TikiClient {
  /**
   * Never throws for what Tiki or the network does: that is what outcomes are for.
   *
   * @throws Problem `tiki-unavailable` without calling, while the circuit breaker is open.
   */
  call<T>(call: TikiCall<T>, context: RequestContext): Promise<TikiOutcome<T>>;
}

export interface TikiClientSettings {
  readonly baseUrl: string;
  readonly credentials: TikiCredentials;
  readonly http: HttpClient;
  readonly guarded: Guarded;
  readonly clock: Clock;
  /** In [0, 1), for the jitter between attempts. */
  readonly random: () => number;
}

/** @param inFull Whether the last attempt had all its time; silence after less says nothing. */
function verdictOn(outcome: TikiOutcome<unknown>, inFull: boolean): Verdict {
  if (outcome.kind === 'answer') return 'success';
  if (outcome.kind === 'no-answer' && !inFull) return 'unknown';
  return HEALTH[tikiSymptomOf(outcome)];
}

/** The signed HTTP client for Tiki's Open API. */
export function createTikiClient(settings: TikiClientSettings): TikiClient {
  const { baseUrl, credentials, http, guarded, clock, random } = settings;

  async function attempt<T>(call: TikiCall<T>, timeoutMs: number): Promise<TikiOutcome<T>> {
    if (timeoutMs <= 0) return { kind: 'no-answer' };
    // The bytes that are signed are the bytes that are sent.
    const body = call.body && JSON.stringify(call.body);
    const sentAt = clock.now();
    const sent = await http.send({
      method: body === undefined ? 'GET' : 'POST',
      url: baseUrl + call.path,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        Accept: 'application/json',
        ...signedHeaders(credentials, sentAt, body ?? call.path),
      },
      ...(body !== undefined && { body }),
      timeoutMs,
      maxBytes: call.maxBytes ?? MAX_ANSWER_BYTES,
    });
    if (sent.kind !== 'answer') return sent;
    const { status, body: bytes, header } = sent.data;
    const answer = { status, body: bytes, retryAfter: header('retry-after') };
    const outcome = readAnswer(answer, call.answer);
    if (outcome.kind !== 'refused') return outcome;
    const aheadMs = clockAhead(header('date'), sentAt, clock.now());
    return aheadMs === undefined ? outcome : { ...outcome, aheadMs };
  }

  return {
    call: (call, { deadline, caller }) => {
      let inFull = true;
      const timed = () => {
        const timeoutMs = Math.floor(Math.min(call.timeoutMs, deadline()));
        inFull = timeoutMs === call.timeoutMs;
        return attempt(call, timeoutMs);
      };
      return guarded({
        caller,
        run: () =>
          withRetries(call.retry, timed, { deadline, clock, random, symptomOf: tikiSymptomOf }),
        judge: { answer: (outcome) => verdictOn(outcome, inFull), error: () => 'unknown' },
      });
    },
  };
}
