import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freshCode, logIn } from '../load';
import { PROJECT_ENV } from '../project';
import type { Row } from '../row';
import type { Bench, Measure } from './measure';

const run = promisify(execFile);

const START: Row = {
  name: 'Cold start to the first login',
  unit: '÷ hello',
  goal: { atMost: 1.4 },
};
const LOAD: Row = { name: 'Load time of the entry', unit: '÷ hello', goal: { atMost: 1.35 } };

/** Milliseconds from starting the process to its first answer. */
async function firstAnswerMs({ start, signal }: Bench, folder: string): Promise<number> {
  const begin = performance.now();
  const target = await start(folder);
  try {
    const status = await logIn(target.origin, freshCode(), signal);
    if (status !== 200) throw new Error(`the first login was answered with ${status}`);
    return performance.now() - begin;
  } finally {
    await target.stop();
  }
}

/** Milliseconds for `require` of a built function, in a new process. */
async function loadMs({ signal }: Bench, folder: string): Promise<number> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...PROJECT_ENV };
  const script = join(__dirname, 'load-time.cjs');
  return Number((await run(process.execPath, [script, folder], { env, signal })).stdout);
}

/** A new instance, against a function that does nothing. Tiki and signBlob answer at once. */
export const coldStart: Measure = {
  name: 'cold start',
  rows: [START, LOAD],
  round: async (bench) => {
    const { bridge, hello } = bench.folders;
    await bench.upstreams.setLatency(0);
    return new Map([
      [START, (await firstAnswerMs(bench, bridge)) / (await firstAnswerMs(bench, hello))],
      [LOAD, (await loadMs(bench, bridge)) / (await loadMs(bench, hello))],
    ]);
  },
};
