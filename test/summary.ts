import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** The result of a suite of tests, or of the checks (lint, types, …). */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  /** One line for each failure: the file and the test, or what failed as a whole. */
  readonly failures: readonly string[];
  readonly skipped: number;
  readonly seconds: number;
  /** Why the suite did not run. */
  readonly note?: string;
}

/** The parts of jest's --json report that count. */
export interface JestReport {
  readonly testResults: readonly {
    /** The test file, absolute. */
    readonly name: string;
    readonly status: 'passed' | 'failed' | 'skipped' | 'focused';
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: 'passed' | 'failed' | 'pending' | 'skipped' | 'todo' | 'disabled';
    }[];
  }[];
}

function failuresOf({ name, status, assertionResults }: JestReport['testResults'][number]) {
  const file = path.relative(PROJECT_ROOT, name).replaceAll(path.sep, '/');
  const tests = assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file} › ${test.fullName}`);
  if (tests.length > 0 || status !== 'failed') return tests;
  return [`${file} did not run to its end`];
}

/**
 * A suite's result from jest's report and exit code. A suite that failed without a failed test (no
 * report, no tests, coverage too low, an open handle) counts as one failure.
 */
export function resultOf(
  name: string,
  report: JestReport | undefined,
  exitCode: number,
  seconds: number,
): SuiteResult {
  const files = report?.testResults ?? [];
  const statuses = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === 'passed').length;
  const failures = files.flatMap(failuresOf);
  const skipped = statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
  if (failures.length === 0) {
    if (report === undefined) failures.push(`suite ${name} crashed (exit code ${exitCode})`);
    else if (passed === 0) failures.push(`suite ${name} ran no tests`);
    else if (exitCode !== 0) {
      failures.push(`suite ${name} exited with ${exitCode} although every test passed`);
    }
  }
  return { name, passed, failures, skipped, seconds };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** The last line of `npm test`. */
export function totals(results: readonly SuiteResult[]): string {
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failures.length));
  const skipped = sum(results.map((result) => result.skipped));
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export function hasFailed(results: readonly SuiteResult[]): boolean {
  return results.length === 0 || results.some(({ failures }) => failures.length > 0);
}

/** Everything that failed, one line each. */
export function failureLines(results: readonly SuiteResult[]): string[] {
  const failures = results.flatMap((result) =>
    result.failures.map((failure) => `  ${result.name.padEnd(14)} ${failure}`),
  );
  return failures.length === 0 ? [] : ['Failed:', ...failures];
}

/** One line for each suite. */
export function table(results: readonly SuiteResult[]): string[] {
  const cell = (value: number) => String(value).padStart(8);
  return [
    `${'suite'.padEnd(14)}${['passed', 'failed', 'skipped'].map((t) => t.padStart(8)).join('')}       s`,
    ...results.map(({ name, passed, failures, skipped, seconds, note }) => {
      const numbers = cell(passed) + cell(failures.length) + cell(skipped);
      return `${name.padEnd(14)}${numbers}${seconds.toFixed(1).padStart(8)}  ${note ?? ''}`.trimEnd();
    }),
  ];
}
