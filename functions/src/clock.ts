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

/** One piece of work for a request, for its log entry and its trace. */
export interface Step {
  /** The upstream that was waited for, such as `tiki`. */
  readonly name: string;
  /** By `Clock.elapsed`, ms. */
  readonly from: number;
  readonly to: number;
  readonly failed: boolean;
}

export interface Stopwatch {
  /** All that has ended, in the order in which it did. */
  readonly steps: readonly Step[];
  readonly time: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/** Records how long each step takes, also when it fails. */
export function stopwatch(elapsed: Clock['elapsed']): Stopwatch {
  const steps: Step[] = [];
  return {
    steps,
    time: async (name, work) => {
      const from = elapsed();
      let failed = true;
      try {
        const result = await work();
        failed = false;
        return result;
      } finally {
        steps.push({ name, from, to: elapsed(), failed });
      }
    },
  };
}

/** How much of a request's time is left, in ms; negative when it is over. */
export type Deadline = () => number;

export function deadlineIn(ms: number, clock: Clock): Deadline {
  const end = clock.elapsed() + ms;
  return () => end - clock.elapsed();
}

/** The time was up before the work was done; the work itself goes on. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';

  constructor(
    ms: number,
    /** There was less time than the work may take, so its lateness says nothing about an upstream. */
    readonly cutShort = false,
  ) {
    super(`took longer than ${Math.round(ms)} ms`);
  }
}

/**
 * Waits for `work` for at most `ms`. Whatever becomes of it afterwards is ignored, rejections
 * included.
 *
 * @throws TimeUp
 */
export async function within<T>(ms: number, work: Promise<T>, cutShort = false): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new TimeUp(ms, cutShort));
      },
      Math.max(0, ms),
    );
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for `work` for at most `ms`, or for what is left of the request's time if that is less.
 *
 * @throws TimeUp
 */
export function withinDeadline<T>(ms: number, deadline: Deadline, work: Promise<T>): Promise<T> {
  const left = deadline();
  return within(Math.min(ms, left), work, left < ms);
}
