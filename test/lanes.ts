/** What limits a job: the processor, or what it waits for, such as emulators and browsers. */
export type Lane = 'waits' | 'computes';

const LANES: readonly Lane[] = ['waits', 'computes'];

/**
 * Does all jobs in two lanes, each one job after the other. A lane that has done its own jobs goes on
 * with those of the other one, from the end. Ends when both lanes have: nothing is left running.
 *
 * @throws what the first job threw; no job starts after that
 */
export async function inLanes<Job extends { readonly lane: Lane }>(
  jobs: readonly Job[],
  work: (job: Job) => Promise<void>,
): Promise<void> {
  const left = new Set(jobs);
  const next = (lane: Lane) => {
    const job = [...left].find((each) => each.lane === lane) ?? [...left].at(-1);
    if (job !== undefined) left.delete(job);
    return job;
  };
  const ends = await Promise.allSettled(
    LANES.map(async (lane) => {
      try {
        for (let job = next(lane); job !== undefined; job = next(lane)) await work(job);
      } catch (error) {
        left.clear();
        throw error;
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
