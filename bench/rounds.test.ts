import { runRounds } from './rounds';

/** Five rounds of `a` and `b`, on a clock that only they advance. */
async function simulate(options: {
  readonly totalMs: number;
  /** How long a run of full length takes. */
  readonly fullMs: (measure: string, round: number) => number;
}) {
  let leftMs = options.totalMs;
  const runs: string[] = [];
  const scales: number[] = [];
  await runRounds(
    { measures: ['a', 'b'], rounds: 5, roundMs: 20 },
    () => leftMs,
    (measure, round, scale) => {
      runs.push(`${measure}${round}`);
      scales.push(scale);
      leftMs -= options.fullMs(measure, round) * scale;
      return Promise.resolve();
    },
  );
  return { runs: runs.join(' '), scales, leftMs };
}

const ALL = 'a1 b1 a2 b2 a3 b3 a4 b4 a5 b5';

describe('runRounds', () => {
  it('runs every round at full length where there is time, all measures of a round in turn', async () => {
    const { runs, scales } = await simulate({ totalMs: 100, fullMs: () => 10 });
    expect(runs).toBe(ALL);
    expect(new Set(scales)).toEqual(new Set([1]));
  });

  it('shortens the rounds after a slow one, as long as it has to', async () => {
    const fullMs = (_: string, round: number) => (round === 1 ? 20 : 10);
    const { runs, scales } = await simulate({ totalMs: 120, fullMs });
    expect(runs).toBe(ALL);
    expect(scales).toEqual([1, 1, 0.5, 0.5, 1, 1, 1, 1, 1, 1]);
  });

  it('shortens the first round too, if little time was given', async () => {
    const { runs, scales } = await simulate({ totalMs: 60, fullMs: () => 10 });
    expect(runs).toBe(ALL);
    expect(scales[0]).toBe(0.6);
  });

  it('runs fewer rounds where the shortest take too long', async () => {
    const { runs, leftMs } = await simulate({ totalMs: 130, fullMs: () => 40 });
    expect(runs).toBe('a1 b1 a2 b2');
    expect(leftMs).toBeGreaterThan(0);
  });

  it('skips a measure that would not fit, and goes on with those that do', async () => {
    const fullMs = (measure: string) => (measure === 'a' ? 80 : 2);
    const { runs, leftMs } = await simulate({ totalMs: 100, fullMs });
    expect(runs).toBe('a1 b1 b2 b3 b4 b5');
    expect(leftMs).toBeGreaterThan(0);
  });

  it('starts nothing when no time is left, in the middle of the first round too', async () => {
    expect((await simulate({ totalMs: 0, fullMs: () => 10 })).runs).toBe('');
    expect((await simulate({ totalMs: 10, fullMs: () => 100 })).runs).toBe('a1');
  });
});
