import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Suite } from './suites';
import { type JestReport, resultOf, type SuiteResult } from './summary';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a suite that hangs: those of `npm test` take minutes, the deep ones a quarter of an hour. */
const SUITE_MS = 20 * 60_000;

export interface JestRun {
  /** The Node to run it with. */
  readonly node: string;
  readonly files: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** An empty folder for the report. */
  readonly reportFolder: string;
}

/** Runs a suite with its folder's own jest, whose output goes straight to the terminal. */
export async function runJest(suite: Suite, run: JestRun): Promise<SuiteResult> {
  const started = performance.now();
  const reportFile = path.join(run.reportFolder, `${suite.name}.json`);
  const jest = path.join(suite.folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    run.node,
    [
      jest,
      ...suite.jestArgs,
      '--json',
      `--outputFile=${reportFile}`,
      '--runTestsByPath',
      ...run.files,
    ],
    { cwd: suite.folder, env: run.env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const tooLong = setTimeout(() => child.kill('SIGKILL'), SUITE_MS);
  let interrupted: NodeJS.Signals | undefined;
  const passOn = (signal: NodeJS.Signals) => {
    interrupted = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  await once(child, 'close');
  clearTimeout(tooLong);
  for (const signal of SIGNALS) process.off(signal, passOn);
  if (interrupted !== undefined) throw new Error(`Interrupted by ${interrupted}.`);
  const report = existsSync(reportFile)
    ? // Written by the jest version in our lockfile.
      (JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport)
    : undefined;
  const seconds = (performance.now() - started) / 1000;
  return resultOf(suite.name, report, child.exitCode ?? 1, seconds);
}
