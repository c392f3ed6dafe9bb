/** Jobs of one lane run one after the other, at the same time as those of the other lane. */
export type Lane = 'waits' | 'computes';

const LANES: readonly Lane[] = ['waits', 'computes'];

/**
 * Does all jobs, in two lanes. Ends when both lanes have, also where a job throws: nothing is left
 * running.
 */
export async function inLanes<Job extends { readonly lane: Lane }>(
  jobs: readonly Job[],
  work: (job: Job) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(
    LANES.map(async (lane) => {
      for (const job of jobs.filter((each) => each.lane === lane)) await work(job);
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
