import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command';
import type { Suite } from './suites';
import { type JestReport, resultOf, type SuiteResult } from './summary';

export interface JestRun {
  /** The Node to run it with. */
  readonly node: string;
  readonly files: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** An empty folder for the report. */
  readonly reportFolder: string;
  /** Whether no other suite runs at the same time. */
  readonly alone: boolean;
}

/** Runs a suite with its folder's own jest. */
export async function runJest(suite: Suite, run: JestRun): Promise<SuiteResult> {
  const started = performance.now();
  const { name, lane, folder } = suite;
  const reportFile = path.join(run.reportFolder, `${name}.json`);
  const jest = path.join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const report = ['--json', `--outputFile=${reportFile}`];
  const exitCode = await runCommand(
    [run.node, jest, ...suite.jestArgs, ...report, '--runTestsByPath', ...run.files],
    { name, lane, alone: run.alone, spawn: { cwd: folder, env: run.env } },
  );
  const written = existsSync(reportFile)
    ? // Written by the jest version in our lockfile.
      (JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport)
    : undefined;
  return resultOf(name, written, exitCode, (performance.now() - started) / 1000);
}
