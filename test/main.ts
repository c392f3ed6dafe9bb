// npm test, npm run test:deep, or node bootstrap.mjs test/main.ts with names: of suites (suites.ts),
// "checks" (checks.ts), "test" or "deep" for the suites of those commands, "all" for everything.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { runChecks } from './checks';
import { describeEngines, type Engines, findEngines } from './engines';
import { inLanes, type Lane } from './lanes';
import { runJest } from './run-jest';
import { filesOf, type Suite, SUITES } from './suites';
import { failureLines, hasFailed, type SuiteResult, table, totals } from './summary';

type Readiness =
  { readonly node: string } | { readonly leaveOut: string } | { readonly missing: string };

/** The Node that runs a suite, or why it does not run. */
function readinessOf(suite: Suite, engines: Engines): Readiness {
  if (suite.needs === 'node24') {
    if (engines.runningNode.startsWith('24.')) return { leaveOut: 'this is Node 24 already' };
    const node = engines.node24();
    return node === undefined ? { missing: 'Node 24 could not be installed' } : { node };
  }
  if (suite.needs === 'chromium' && engines.chromium === undefined) {
    return { missing: 'no Chromium or Chrome; CHROMIUM_PATH may name one' };
  }
  return { node: process.execPath };
}

/** The result of a suite that cannot run: on CI, a failure. */
function notRun({ name }: Suite, note: string): SuiteResult {
  const result = { name, passed: 0, seconds: 0, note };
  return process.env['CI']
    ? { ...result, failures: [`suite ${name} could not run: ${note}`], skipped: 0 }
    : { ...result, failures: [], skipped: 1 };
}

interface SuiteRun {
  readonly engines: Engines;
  /** An empty folder for the reports. */
  readonly reportFolder: string;
  readonly alone: boolean;
}

async function runSuite(
  suite: Suite,
  { engines, reportFolder, alone }: SuiteRun,
): Promise<SuiteResult | undefined> {
  const files = filesOf(suite);
  if (files.length === 0) return undefined;
  console.log(`\n── ${suite.name}: ${suite.title}\n`);
  const readiness = readinessOf(suite, engines);
  if ('leaveOut' in readiness) {
    console.log(`Left out: ${readiness.leaveOut}.`);
    return undefined;
  }
  if ('missing' in readiness) {
    console.log(`Not run: ${readiness.missing}.`);
    return notRun(suite, readiness.missing);
  }
  const chromium = engines.chromium === undefined ? {} : { CHROMIUM_PATH: engines.chromium };
  const deep = suite.name.startsWith('deep-') ? { TEST_DEEP: '1' } : {};
  const env = { ...process.env, ...chromium, ...deep };
  return runJest(suite, { node: readiness.node, files, env, reportFolder, alone });
}

/** The last screen: the engines, what failed by name, a line for each suite, and the verdict. */
function lastScreen(results: readonly SuiteResult[], engines: Engines): string {
  const sections = [describeEngines(engines), failureLines(results), table(results)];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return ['', ...text, totals(results)].join('\n\n');
}

interface Job {
  readonly name: string;
  readonly lane: Lane;
  readonly result: (alone: boolean) => Promise<SuiteResult | undefined>;
}

/** Does the jobs in two lanes; the results come in the order of the jobs. */
async function resultsOf(jobs: readonly Job[]): Promise<SuiteResult[]> {
  const alone = jobs.length === 1;
  // Each suite builds them before its tests. After this, that changes nothing while another one reads.
  if (!alone) await buildFunctions();
  const results = new Map<string, SuiteResult>();
  await inLanes(jobs, async ({ name, result }) => {
    const ended = await result(alone);
    if (ended !== undefined) results.set(name, ended);
  });
  return jobs.flatMap(({ name }) => results.get(name) ?? []);
}

async function run(checks: boolean, suites: readonly Suite[]): Promise<number> {
  const reportFolder = mkdtempSync(path.join(os.tmpdir(), 'tiki-bridge-test-'));
  const engines = findEngines(process.env);
  const jobs: Job[] = suites.map((suite) => ({
    name: suite.name,
    lane: suite.lane,
    result: (alone) => runSuite(suite, { engines, reportFolder, alone }),
  }));
  if (checks) jobs.unshift({ name: 'checks', lane: 'computes', result: runChecks });
  try {
    const results = await resultsOf(jobs);
    console.log(lastScreen(results, engines));
    return hasFailed(results) ? 1 : 0;
  } finally {
    rmSync(reportFolder, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<number> {
  const names = args.length === 0 ? ['test'] : args;
  const known = ['all', 'checks', 'test', 'deep', ...SUITES.map(({ name }) => name)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No such suite: ${unknown.join(', ')}. There are ${known.join(', ')}.`);
    return 2;
  }
  const wanted = (...some: string[]) =>
    names.includes('all') || some.some((n) => names.includes(n));
  const suites = SUITES.filter(({ name, command }) => wanted(name, command));
  return run(wanted('checks'), suites);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
