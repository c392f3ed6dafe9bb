// npm test [suite…]: every test there is, or those of the named suites; see suites.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { describeEngines, type Engines, findEngines } from './engines';
import { runJest } from './run-jest';
import { filesOf, type Suite, SUITE_NAMES, SUITES } from './suites';
import { failedChecks, hasFailed, type SuiteResult, table, totals } from './summary';

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

/** What a whole suite counts as when it cannot run: on CI that is a failure. */
function notRun({ name }: Suite, note: string): SuiteResult {
  const onCi = Boolean(process.env['CI']);
  return { name, passed: 0, failed: onCi ? 1 : 0, skipped: onCi ? 0 : 1, seconds: 0, note };
}

async function runSuite(
  suite: Suite,
  engines: Engines,
  reportFolder: string,
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
  const env = { ...process.env, ...chromium };
  return runJest(suite, { node: readiness.node, files, env, reportFolder });
}

async function run(suites: readonly Suite[]): Promise<number> {
  const reportFolder = mkdtempSync(path.join(os.tmpdir(), 'tiki-bridge-test-'));
  try {
    await buildFunctions();
    const engines = findEngines(process.env);
    // The last line is the verdict on everything, so what failed before is counted in it.
    const results: SuiteResult[] = [...failedChecks(process.env['FAILED_CHECKS'])];
    for (const suite of suites) {
      const result = await runSuite(suite, engines, reportFolder);
      if (result !== undefined) results.push(result);
    }
    console.log(`\n${describeEngines(engines).join('\n')}\n\n${table(results).join('\n')}\n`);
    console.log(totals(results));
    return hasFailed(results) ? 1 : 0;
  } finally {
    rmSync(reportFolder, { recursive: true, force: true });
  }
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(`No such suite: ${unknown.join(', ')}. There are ${SUITE_NAMES.join(', ')}.`);
    return 2;
  }
  return run(SUITES.filter(({ name }) => names.length === 0 || names.includes(name)));
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
