import type { Clock, Deadline } from '../clock';
import { symptomOf, type Failure, type Outcome, type Symptom } from './outcome';

/** When a failed call may be sent again. */
export interface RetryPolicy {
  readonly retries: number;
  readonly after: readonly Symptom[];
  /** Bounds of the jitter between attempts, in ms. */
  readonly pauseMs: readonly [min: number, max: number];
}

const TEMPORARY = ['not-sent', 'broken', 'silent', 'busy', 'unavailable', 'error'] as const;

/** Which calls are retried after what. */
export const RETRY = {
  /**
   * What Tiki accepts once, auth codes and rotating refresh tokens: only when the first attempt
   * provably never left. A retry after an unclear failure burns the code.
   */
  singleUse: { retries: 2, after: ['not-sent'], pauseMs: [100, 1_000] },
  read: { retries: 2, after: TEMPORARY, pauseMs: [100, 1_000] },
  /** On the same machine: it answers within milliseconds, or was restarting. */
  metadataServer: { retries: 2, after: TEMPORARY, pauseMs: [50, 300] },
} as const satisfies Record<string, RetryPolicy>;

/** Milliseconds before the next attempt: what the upstream asked for, or full jitter. */
export function pauseMs(policy: RetryPolicy, failure: Failure, random: () => number): number {
  if ('retryAfterSeconds' in failure) {
    return failure.retryAfterSeconds * 1_000;
  }
  const [min, max] = policy.pauseMs;
  return min + random() * (max - min);
}

export interface RetryEffects<F> {
  readonly deadline: Deadline;
  readonly clock: Pick<Clock, 'sleep'>;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
  /** For an upstream whose refusals say more than their status. */
  readonly symptomOf?: (failure: F) => Symptom;
}

/**
 * Runs `attempt` until it answers, fails for good, or the next pause would outlast the deadline.
 * Resolves to the last outcome.
 */
export async function withRetries<T, F extends Failure>(
  policy: RetryPolicy,
  attempt: () => Promise<Outcome<T, F>>,
  { deadline, clock, random, symptomOf: symptom = symptomOf }: RetryEffects<F>,
): Promise<Outcome<T, F>> {
  for (let retriesLeft = policy.retries; ; retriesLeft -= 1) {
    const outcome = await attempt();
    if (outcome.kind === 'answer' || retriesLeft === 0) return outcome;
    if (!policy.after.includes(symptom(outcome))) return outcome;
    const pause = pauseMs(policy, outcome, random);
    if (pause >= deadline()) return outcome;
    await clock.sleep(pause);
  }
}
