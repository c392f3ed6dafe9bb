import { setTimeout as delay } from 'node:timers/promises';

/** Time, handed in so that tests own it. All figures in milliseconds. */
export interface Clock {
  /** Epoch milliseconds: for what others read, such as Tiki's timestamp header. */
  readonly now: () => number;
  /** A clock that never jumps: for durations and deadlines. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms) => {
    await delay(ms);
  },
};

/** How much of a request's time is left, in ms; negative when it is over. */
export type Deadline = () => number;

export function deadlineIn(ms: number, clock: Clock): Deadline {
  const end = clock.elapsed() + ms;
  return () => end - clock.elapsed();
}
