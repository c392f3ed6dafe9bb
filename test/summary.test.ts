import { failedChecks, hasFailed, type JestReport, resultOf, table, totals } from './summary';

const report = (numbers: Partial<JestReport>): JestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...numbers,
});

describe('the summary of npm test', () => {
  it('adds the suites up in its last line', () => {
    const results = [
      resultOf('unit', report({ numPassedTests: 40 }), 0, 1),
      resultOf('dev', report({ numPassedTests: 2, numFailedTests: 1 }), 1, 1),
    ];

    expect(totals(results)).toBe('42 passed, 1 failed');
    expect(hasFailed(results)).toBe(true);
  });

  it('counts what failed before the tests', () => {
    const results = [
      ...failedChecks('lint typecheck'),
      resultOf('dev', report({ numPassedTests: 2 }), 0, 1),
    ];

    expect(totals(results)).toBe('2 passed, 2 failed');
    expect(table(results).join('\n')).toContain('lint, typecheck');
    expect([failedChecks(''), failedChecks(undefined)]).toEqual([[], []]);
  });

  it('speaks of skipped tests only when there are any', () => {
    const results = [resultOf('dev', report({ numPassedTests: 2, numPendingTests: 1 }), 0, 1)];

    expect(totals(results)).toBe('2 passed, 0 failed, 1 skipped');
    expect(hasFailed(results)).toBe(false);
  });

  it.each([
    ['left no report', undefined, 1, 'crashed (exit code 1)'],
    ['ran no tests', report({}), 0, 'ran no tests'],
    [
      'ended badly with every test passed',
      report({ numPassedTests: 3 }),
      1,
      'ended with exit code 1 although every test passed',
    ],
  ])('counts a suite that %s as a failure', (_what, jestReport, exitCode, note) => {
    const result = resultOf('unit', jestReport, exitCode, 1);

    expect(result).toMatchObject({ failed: 1, note });
    expect(hasFailed([result])).toBe(true);
    expect(table([result]).at(-1)).toContain(note);
  });

  it('counts a file that did not load as a failure', () => {
    const result = resultOf(
      'unit',
      report({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }),
      1,
      1,
    );

    expect(totals([result])).toBe('3 passed, 1 failed');
  });

  it('takes a run without any suite for a failure', () => {
    expect(hasFailed([])).toBe(true);
  });
});
