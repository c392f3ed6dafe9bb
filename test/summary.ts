/** A suite, or the checks that ran before them. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Why the suite was skipped or failed as a whole. */
  readonly note?: string;
}

/** The parts of jest's --json report that count. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that did not even load; their tests are counted nowhere. */
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * A suite's numbers from jest's report and exit code. A suite that ended badly without a failed
 * test (no report, no tests, coverage too low, an open handle) counts as one failure.
 */
export function resultOf(
  name: string,
  report: JestReport | undefined,
  exitCode: number,
  seconds: number,
): SuiteResult {
  const none = { name, passed: 0, skipped: 0, seconds };
  if (report === undefined) {
    return { ...none, failed: 1, note: `crashed (exit code ${exitCode})` };
  }
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (passed + failed === 0) return { ...none, skipped, failed: 1, note: 'ran no tests' };
  if (failed === 0 && exitCode !== 0) {
    const note = `ended with exit code ${exitCode} although every test passed`;
    return { name, passed, failed: 1, skipped, seconds, note };
  }
  return { name, passed, failed, skipped, seconds };
}

/** Checks that failed before the tests, by their names with spaces between: lint, for instance. */
export function failedChecks(names = ''): readonly SuiteResult[] {
  const failed = names.split(' ').filter((name) => name !== '');
  if (failed.length === 0) return [];
  const note = failed.join(', ');
  return [{ name: 'checks', passed: 0, failed: failed.length, skipped: 0, seconds: 0, note }];
}

const total = (results: readonly SuiteResult[], of: (result: SuiteResult) => number) =>
  results.reduce((sum, result) => sum + of(result), 0);

/** The last line of `npm test`. */
export function totals(results: readonly SuiteResult[]): string {
  const passed = total(results, (result) => result.passed);
  const failed = total(results, (result) => result.failed);
  const skipped = total(results, (result) => result.skipped);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export function hasFailed(results: readonly SuiteResult[]): boolean {
  return results.length === 0 || total(results, (result) => result.failed) > 0;
}

/** One line for each suite. */
export function table(results: readonly SuiteResult[]): string[] {
  const cell = (value: number) => String(value).padStart(8);
  return [
    `${'suite'.padEnd(10)}${['passed', 'failed', 'skipped'].map((t) => t.padStart(8)).join('')}       s`,
    ...results.map(({ name, passed, failed, skipped, seconds, note }) => {
      const numbers = cell(passed) + cell(failed) + cell(skipped);
      return `${name.padEnd(10)}${numbers}${seconds.toFixed(1).padStart(8)}  ${note ?? ''}`.trimEnd();
    }),
  ];
}
