/**
 * What can become of one call to an upstream. None of these holds a credential or a raw body.
 *
 * @typeParam F For an upstream whose refusals say more than `Refusal`.
 */
export type Outcome<T, F extends Failure = Failure> = Answer<T> | F;

export interface Answer<T> {
  readonly kind: 'answer';
  readonly data: T;
}

/** No HTTP answer that can be read. */
export type CallFailure =
  /** The answer is not the documented shape; `where` names the place, never a value. */
  | { readonly kind: 'wrong-shape'; readonly where: string }
  | { readonly kind: 'no-answer' }
  /** The connection could not be made, or broke; `errno` as Node names it. */
  | { readonly kind: 'no-connection'; readonly errno: string };

/** The upstream's own error envelope, whatever the HTTP status it came with. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

export type Failure =
  | CallFailure
  | Refusal
  /** A status that is no success, without the upstream's error envelope. */
  | {
      readonly kind: 'unexpected-status';
      readonly status: number;
      readonly retryAfterSeconds?: number;
    };

/**
 * What a call says about the health of its upstream. `unknown`: nothing, for example because there
 * was too little time left for it.
 */
export type Verdict = 'success' | 'failure' | 'unknown';

/** What a failure is a sign of. Decides about a retry (`RETRY`) and about health (`HEALTH`). */
export type Symptom =
  /** Provably not a byte has left: the name does not resolve, or the connection was refused. */
  | 'not-sent'
  /** The connection broke; the call may have had its effect. */
  | 'broken'
  /** No answer in time; likewise. */
  | 'silent'
  /** 429. */
  | 'busy'
  /** The service, or the proxy in front of it, cannot serve: 503, or any 5xx in another form than its own. */
  | 'unavailable'
  /** Any other 5xx in the form in which the service reports errors. */
  | 'error'
  /** Everything else: understood and declined, or an odd answer. */
  | 'refused';

/**
 * How the circuit breaker counts a failure. An upstream that limits or refuses is alive. A 500 that
 * the service itself reports says something about one request, which its caller may have chosen:
 * it counts neither way.
 */
export const HEALTH: Readonly<Record<Symptom, Verdict>> = {
  'not-sent': 'failure',
  broken: 'failure',
  silent: 'failure',
  unavailable: 'failure',
  error: 'unknown',
  busy: 'success',
  refused: 'success',
};

/** Errors that come before a single byte has left. */
const NOT_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** @param ownForm Whether the answer has the form in which this service reports errors. */
export function symptomOfStatus(status: number, ownForm: boolean): Symptom {
  if (status === 429) return 'busy';
  // Above 599 there is no HTTP: an odd answer.
  if (status < 500 || status > 599) return 'refused';
  return ownForm && status !== 503 ? 'error' : 'unavailable';
}

export function symptomOf(failure: Failure): Symptom {
  switch (failure.kind) {
    case 'no-connection':
      return NOT_SENT.has(failure.errno) ? 'not-sent' : 'broken';
    case 'no-answer':
      return 'silent';
    case 'refused':
      return symptomOfStatus(failure.status, true);
    case 'unexpected-status':
      return symptomOfStatus(failure.status, false);
    case 'wrong-shape':
      return 'refused';
  }
}

/** Seconds of a `Retry-After` header, when it is a small whole number. */
export function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,4}$/.test(header) ? Number(header) : undefined;
}
