import type { Clock, Deadline } from '../../clock';
import { isTrouble, type TikiFailure, type TikiOutcome } from './outcome';

/** When a failed call may be sent again. */
export interface RetryPolicy {
  readonly retries: number;
  readonly mayRepeat: (failure: TikiFailure) => boolean;
}

/** Errors that come before a single byte has left: no name found, nobody listening. */
const NEVER_LEFT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const neverLeft = (failure: TikiFailure): boolean =>
  failure.kind === 'no-connection' && NEVER_LEFT.has(failure.errno);

/**
 * For what Tiki takes once, auth codes and rotating refresh tokens: repeated only when the first
 * attempt provably never left, since a repeat after an unclear failure burns the code.
 */
export const SINGLE_USE: RetryPolicy = { retries: 2, mayRepeat: neverLeft };

/** For reads. */
export const REPEATABLE: RetryPolicy = {
  retries: 2,
  mayRepeat: (failure) =>
    failure.kind === 'no-connection' || failure.kind === 'no-answer' || isTrouble(failure),
};

const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1_000;

/** Pause before the next attempt in ms: what the server asked for, or jitter over the whole range. */
export function pauseMs(failure: TikiFailure, random: () => number): number {
  if ('retryAfterSeconds' in failure) {
    return failure.retryAfterSeconds * 1_000;
  }
  return MIN_PAUSE_MS + random() * (MAX_PAUSE_MS - MIN_PAUSE_MS);
}

/**
 * Runs `attempt` until it answers, fails for good, or the next pause would outlast the deadline.
 * Resolves to the last outcome.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<TikiOutcome<T>>,
  effects: {
    readonly deadline: Deadline;
    readonly clock: Clock;
    readonly random: () => number;
  },
): Promise<TikiOutcome<T>> {
  for (let retriesLeft = policy.retries; ; retriesLeft -= 1) {
    const outcome = await attempt();
    if (outcome.kind === 'answer' || retriesLeft === 0 || !policy.mayRepeat(outcome)) {
      return outcome;
    }
    const pause = pauseMs(outcome, effects.random);
    if (pause >= effects.deadline()) return outcome;
    await effects.clock.sleep(pause);
  }
}
