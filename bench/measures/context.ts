import type { Plan } from '../plan';
import type { Targets } from '../targets/all';
import type { Upstreams } from '../upstreams/process';

/** What every measurement needs. */
export interface Context {
  readonly plan: Plan;
  readonly targets: Targets;
  readonly upstreams: Upstreams;
}

/** What Tiki and signBlob each take to answer, milliseconds: about what the real ones need. */
export const UPSTREAM_MS = 50;

export async function setUpstreams({ upstreams }: Context, ms: number): Promise<number> {
  return upstreams.set({ tikiMs: ms, signBlobMs: ms });
}

/** Calls `once` so many times, one after the other, so that rounds of targets alternate. */
export async function inRounds<T>(rounds: number, once: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  while (results.length < rounds) results.push(await once());
  return results;
}
