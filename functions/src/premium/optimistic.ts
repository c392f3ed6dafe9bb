import type { Clock } from '../clock';

const MAX_PAUSE_MS = 250;

export interface Patience {
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  /** In [0, 1). */
  readonly random: () => number;
  /** For all attempts, ms. */
  readonly ms: number;
}

/** What became of an attempt; undefined: another writer was faster. */
export type Attempt<T> = { readonly result: T } | undefined;

/**
 * Repeats a write with a precondition until no other writer was faster.
 *
 * @param attempt Reads anew each time; gets how many attempts before it were lost.
 * @returns undefined: the time is up
 */
export async function untilWon<T>(
  { clock, random, ms }: Patience,
  attempt: (lost: number) => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  const end = clock.elapsed() + ms;
  let lost = 0;
  do {
    const done = await attempt(lost);
    if (done) return done;
    lost += 1;
    await clock.sleep(random() * Math.min(MAX_PAUSE_MS, 20 * lost));
  } while (clock.elapsed() < end);
  return undefined;
}
