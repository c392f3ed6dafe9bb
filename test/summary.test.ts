import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { failureLines, hasFailed, type JestReport, resultOf, table, totals } from './summary';

type File = JestReport['testResults'][number];
type Test = File['assertionResults'][number];

const file = (name: string, status: File['status'], tests: readonly Test[]): File => ({
  name: path.join(PROJECT_ROOT, name),
  status,
  assertionResults: tests,
});
const report = (...testResults: File[]): JestReport => ({ testResults });
const tests = (count: number, status: Test['status']): Test[] =>
  Array.from({ length: count }, (_, index) => ({ fullName: `a rule holds ${index}`, status }));

const fortyPassed = report(file('functions/src/a.test.ts', 'passed', tests(40, 'passed')));
const oneFailed = report(
  file('packages/b.test.ts', 'failed', [...tests(2, 'passed'), ...tests(1, 'failed')]),
);

describe('the summary of npm test', () => {
  it('adds the suites up in its last line', () => {
    const results = [resultOf('unit', fortyPassed, 0, 1), resultOf('packages', oneFailed, 1, 1)];

    expect(totals(results)).toBe('42 passed, 1 failed');
    expect(hasFailed(results)).toBe(true);
    expect(table(results).at(-1)).toMatch(/^packages +2 +1 +0 +1\.0$/);
  });

  it('names each failed test with its file', () => {
    const results = [resultOf('unit', fortyPassed, 0, 1), resultOf('packages', oneFailed, 1, 1)];

    expect(failureLines(results)).toEqual([
      'Failed:',
      '  packages       packages/b.test.ts › a rule holds 0',
    ]);
    expect(failureLines(results.slice(0, 1))).toEqual([]);
  });

  it('mentions skipped tests only when there are any', () => {
    const mixed = report(file('b.test.ts', 'passed', [...tests(2, 'passed'), ...tests(1, 'todo')]));

    expect(totals([resultOf('packages', mixed, 0, 1)])).toBe('2 passed, 0 failed, 1 skipped');
    expect(hasFailed([resultOf('packages', mixed, 0, 1)])).toBe(false);
  });

  it.each([
    ['left no report', undefined, 1, 'suite unit crashed (exit code 1)'],
    ['ran no tests', report(), 0, 'suite unit ran no tests'],
    [
      'failed with every test passed',
      fortyPassed,
      1,
      'suite unit exited with 1 although every test passed',
    ],
  ])('counts and names a suite that %s', (_what, jestReport, exitCode, failure) => {
    const result = resultOf('unit', jestReport, exitCode, 1);

    expect(result.failures).toEqual([failure]);
    expect(totals([result])).toMatch(/ 1 failed$/);
  });

  it('counts and names a file that did not load', () => {
    const broken = report(...fortyPassed.testResults, file('rules/c.test.ts', 'failed', []));

    expect(resultOf('unit', broken, 1, 1)).toMatchObject({
      passed: 40,
      failures: ['rules/c.test.ts did not run to its end'],
    });
  });

  it('takes a run without any suite for a failure', () => {
    expect(hasFailed([])).toBe(true);
  });
});
