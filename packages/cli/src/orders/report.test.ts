import { describeReport } from './report';

const REPORT = { looked: 1_000, repaired: 3, completed: 0, findings: [], isFinished: true };

it.each([
  ['all agree', REPORT, true],
  ['something differs', { ...REPORT, findings: [{ reference: 'o1', kind: 'missing' }] }, false],
  ['one run did not get to all of them', { ...REPORT, isFinished: false }, false],
] as const)('a comparison is done only if there is nothing left to do: %s', (_, report, isDone) => {
  const described = describeReport(report, 'go on');

  expect(described.isDone).toBe(isDone);
  expect(described.text.includes('repeat the command')).toBe(!report.isFinished);
});
