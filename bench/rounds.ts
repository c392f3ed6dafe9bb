/** No load is shortened below this share of its length: start-up would dominate it. */
const SHORTEST = 0.5;

export interface Plan<M> {
  /** In the order of a round: what matters most comes first. */
  readonly measures: readonly M[];
  /** Maximum number of rounds. */
  readonly rounds: number;
  /** A whole round at full length, on an idle machine; milliseconds. */
  readonly roundMs: number;
}

/**
 * Repeats all measures in rounds, within the time that is left. Every measure has its first round
 * before any has a second. If the remaining rounds would take too long, judging by the last one,
 * their loads are made shorter; a measure that would not fit even then is skipped.
 *
 * @param leftMs Time left, milliseconds; called repeatedly.
 * @param run One round of one measure. `scale` is the share of its full length that it may take.
 */
export async function runRounds<M>(
  { measures, rounds, roundMs }: Plan<M>,
  leftMs: () => number,
  run: (measure: M, round: number, scale: number) => Promise<void>,
): Promise<void> {
  /** Estimated duration of each at full length, from its last run: starting a process does not scale. */
  const fullMs = new Map<M, number>();
  for (let round = 1; round <= rounds; round += 1) {
    const known = [...fullMs.values()].reduce((sum, ms) => sum + ms, 0);
    const wantedMs = (known || roundMs) * (rounds - round + 1);
    const scale = Math.min(1, Math.max(SHORTEST, leftMs() / wantedMs));
    for (const measure of measures) {
      const before = leftMs();
      if (before <= 0 || before < (fullMs.get(measure) ?? 0) * scale) continue;
      await run(measure, round, scale);
      fullMs.set(measure, (before - leftMs()) / scale);
    }
  }
}
