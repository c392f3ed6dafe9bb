import type { Clock } from '../clock';
import { Problem, type ProblemCode } from '../problem';
import type { Verdict } from './outcome';

/** How far back calls count. */
const WINDOW_MS = 30_000;
/** Bounds the memory, and lets a busy instance judge by its latest calls. */
const MAX_CALLS = 200;
/** Fewer calls are too few for a verdict. */
const MIN_CALLS = 20;
const FAILURE_SHARE = 0.5;
/**
 * Only a caller's latest two calls count. Opening takes ten failures, so at least five callers
 * that fail, and about as many of them as callers that succeed: one caller, however many bad calls
 * they make, cannot turn the others away. When an upstream is down every caller fails, and the calls
 * of ten to twenty of them open the breaker.
 */
const MAX_CALLS_OF_CALLER = 2;

/** For how long an upstream is not called after the breaker has opened. */
const OPEN_MS = 15_000;
/**
 * After that, this many callers may try, one call each. The first success closes the breaker. It takes
 * all of them to fail to keep it open, since one may fail for reasons of their own.
 */
const PROBES = 3;
/** Meanwhile the other callers are told to retry after this time. */
const PROBE_WAIT_MS = 1_000;

/** Permission to make one call, to be given back with what became of it. */
export type Permit = (verdict: Verdict) => void;

export type Admission =
  { readonly permit: Permit } | { readonly permit: undefined; readonly retryAfterMs: number };

/** `closed`: calls are made; `open`: none is; `half-open`: three callers may try. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface CircuitBreaker {
  /** Called right before each call. @param caller See `RequestContext`. */
  readonly admit: (caller: string) => Admission;
  readonly state: () => BreakerState;
}

interface CountedCall {
  readonly caller: string;
  readonly at: number;
  readonly failed: boolean;
}

/** Adds a call; drops what is too old, and the caller's oldest call when they have too many. */
function withLatest(calls: readonly CountedCall[], latest: CountedCall): CountedCall[] {
  const fresh = calls.filter(({ at }) => at > latest.at - WINDOW_MS);
  const own = fresh.filter(({ caller }) => caller === latest.caller);
  const outdated = own.length >= MAX_CALLS_OF_CALLER ? own[0] : undefined;
  return [...fresh.filter((call) => call !== outdated), latest].slice(-MAX_CALLS);
}

/**
 * Stops calls to an upstream that fails, so that callers get an answer at once instead of after its
 * deadline, and it can recover. Opens when half of at least 20 calls within 30 s have failed, at
 * most two of them by one caller; 15 s later lets three callers try.
 *
 * Own code, since the libraries that do this count calls regardless of the caller, read a
 * clock that jumps, and either need a newer Node than ours or cost more at every cold start than
 * everything else that a login loads besides firebase-admin.
 */
export function circuitBreaker(clock: Pick<Clock, 'elapsed'>): CircuitBreaker {
  let calls: CountedCall[] = [];
  /** Undefined while closed. */
  let openedAt: number | undefined;
  /** While half open, by caller: when the attempt failed; undefined while it is in progress. */
  const probes = new Map<string, number | undefined>();
  /** Verdicts of calls that began before the last change of state are outdated. */
  let era = 0;

  function change(opened: number | undefined): void {
    openedAt = opened;
    probes.clear();
    calls = [];
    era += 1;
  }

  function count(caller: string, failed: boolean): void {
    const now = clock.elapsed();
    calls = withLatest(calls, { caller, at: now, failed });
    const failures = calls.filter((call) => call.failed).length;
    if (calls.length >= MIN_CALLS && failures >= calls.length * FAILURE_SHARE) change(now);
  }

  function judgeProbe(caller: string, verdict: Verdict): void {
    if (verdict === 'success') {
      change(undefined);
      return;
    }
    if (verdict === 'unknown') {
      probes.delete(caller);
      return;
    }
    probes.set(caller, clock.elapsed());
    const failed = [...probes.values()].filter((at) => at !== undefined).length;
    if (failed === PROBES) change(clock.elapsed());
  }

  function permitOf(caller: string, own: number): Permit {
    return (verdict) => {
      if (own !== era) return;
      if (openedAt !== undefined) judgeProbe(caller, verdict);
      else if (verdict !== 'unknown') count(caller, verdict === 'failure');
    };
  }

  /** Whether a caller may try now. A failed attempt expires, so that a lone caller can try again. */
  function mayProbe(caller: string): boolean {
    const now = clock.elapsed();
    for (const [each, failedAt] of probes) {
      if (failedAt !== undefined && failedAt <= now - OPEN_MS) probes.delete(each);
    }
    return !probes.has(caller) && probes.size < PROBES;
  }

  return {
    state: () => {
      if (openedAt === undefined) return 'closed';
      return clock.elapsed() < openedAt + OPEN_MS ? 'open' : 'half-open';
    },
    admit: (caller) => {
      if (openedAt === undefined) return { permit: permitOf(caller, era) };
      const left = openedAt + OPEN_MS - clock.elapsed();
      if (left > 0) return { permit: undefined, retryAfterMs: left };
      if (!mayProbe(caller)) return { permit: undefined, retryAfterMs: PROBE_WAIT_MS };
      probes.set(caller, undefined);
      return { permit: permitOf(caller, era) };
    },
  };
}

/** What the end of a call says about the health of its upstream. */
export interface Judge<T> {
  readonly answer: (answer: T) => Verdict;
  readonly error: (error: unknown) => Verdict;
}

export interface Call<T> {
  /** Whose call it is; see `RequestContext`. */
  readonly caller: string;
  readonly run: () => Promise<T>;
  readonly judge: Judge<T>;
  /** True: also made while the breaker is open, since something is spent already that it completes. */
  readonly always?: boolean;
}

/**
 * Makes a call unless its upstream has failed too often.
 *
 * @throws Problem with `Retry-After` and without calling, while the circuit breaker is open; else
 *   whatever the call throws.
 */
export type Guarded = <T>(call: Call<T>) => Promise<T>;

/**
 * Guards the calls to one upstream with a circuit breaker: the one place that asks it and reports
 * to it. A permit is given back whatever happens, so that a trial call never blocks the
 * others.
 *
 * @param code Of the problem while the breaker is open.
 * @param upstream For the operator's log.
 * @param breaker Given by who also reports its state.
 */
export function guardedBy(
  clock: Pick<Clock, 'elapsed'>,
  code: ProblemCode & `${string}-unavailable`,
  upstream: string,
  breaker: CircuitBreaker = circuitBreaker(clock),
): Guarded {
  return async ({ caller, run, judge, always = false }) => {
    const admission = breaker.admit(caller);
    if (!admission.permit && !always) {
      throw new Problem(code, {
        operator: {
          cause: 'Too many calls to this upstream have failed; none is made for a moment',
          account: upstream,
        },
        retryAfterSeconds: Math.ceil(admission.retryAfterMs / 1_000),
      });
    }
    let verdict: Verdict = 'unknown';
    try {
      const answer = await run();
      verdict = judge.answer(answer);
      return answer;
    } catch (error) {
      verdict = judge.error(error);
      throw error;
    } finally {
      admission.permit?.(verdict);
    }
  };
}
