import type { Clock } from '../clock';
import { Problem, type ProblemCode } from '../problem';
import { circuitBreaker } from './circuit-breaker';
import type { Verdict } from './outcome';

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
 */
export function guardedBy(
  clock: Pick<Clock, 'elapsed'>,
  code: ProblemCode & `${string}-unavailable`,
  upstream: string,
): Guarded {
  const breaker = circuitBreaker(clock);
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
