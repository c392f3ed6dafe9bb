import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../figure';
import { freshCode, logIn } from '../load';
import { PROJECT_ENV } from '../project';
import type { Staging } from '../staging';
import { startDeployed } from '../targets/deployed';
import type { Upstreams } from '../upstreams/process';
import { inRounds } from './context';

const run = promisify(execFile);

/** Milliseconds for `require` of a built function, in a fresh process. */
async function loadMs(source: string): Promise<number> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...PROJECT_ENV };
  const script = join(__dirname, 'load-time.cjs');
  return Number((await run(process.execPath, [script, source], { env })).stdout);
}

/**
 * What a user notices of a new instance: the load time of the entry, and the time from the
 * process's start to its first answer, each against a function that does nothing.
 */
export async function measureColdStart(
  source: string,
  rounds: number,
  upstreams: Upstreams,
  staging: Staging,
): Promise<readonly Figure[]> {
  await upstreams.set({ tikiMs: 0, signBlobMs: 0 });

  async function firstAnswerMs(folder: string): Promise<number> {
    const start = performance.now();
    const target = await startDeployed(folder, upstreams, staging.caFile);
    try {
      const status = await logIn(target.origin, freshCode());
      if (status !== 200) throw new Error(`The first login was answered with ${status}`);
      return performance.now() - start;
    } finally {
      await target.stop();
    }
  }

  // Not counted: what is read from disk, and this process's own first fetch.
  await firstAnswerMs(source);
  await firstAnswerMs(staging.hello);
  const measured = await inRounds(rounds, async () => ({
    load: (await loadMs(source)) / (await loadMs(staging.hello)),
    start: (await firstAnswerMs(source)) / (await firstAnswerMs(staging.hello)),
  }));
  return [
    {
      name: 'Load time of the entry',
      against: 'hello',
      bound: 'at most',
      target: 1.35,
      ratios: measured.map(({ load }) => load),
    },
    {
      name: 'Cold start to the first login',
      against: 'hello',
      bound: 'at most',
      target: 1.5,
      ratios: measured.map(({ start }) => start),
    },
  ];
}
