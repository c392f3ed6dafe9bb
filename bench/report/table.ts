import type { Result } from '../results';
import { type Goal, shareOfGoal } from '../row';

/** Figures have three significant digits. */
export function shown(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : figure < 100 ? 1 : 0);
}

export function shownGoal(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}

function cellsOf(result: Result): readonly string[] {
  const { name, unit, goal } = result;
  const head = [name, unit, goal ? shownGoal(goal) : ''];
  if ('missing' in result) return [...head, '', '', '', `not measured: ${result.missing}`];
  const { median, min, max, rounds } = result.measured;
  const verdict = goal && (shareOfGoal(goal, median) <= 1 ? 'met' : 'MISSED');
  const spread = `${shown(min)} – ${shown(max)}`;
  return [...head, shown(median), spread, String(rounds), verdict ?? ''];
}

/** The results in columns: first those that have a goal, then those that describe the machine. */
export function formatTable(results: readonly Result[]): string {
  const withGoal = results.filter(({ goal }) => goal);
  const others = results.filter(({ goal }) => !goal);
  const lines = [
    ['figure', 'ratio to, or unit', 'goal', 'median', 'min – max', 'rounds', ''],
    ...withGoal.map(cellsOf),
    ['on this machine'],
    ...others.map(cellsOf),
  ];
  const widths = Array.from({ length: 7 }, (_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One note for each missed goal. */
export function missedGoals(results: readonly Result[]): readonly string[] {
  const missed = results.filter(
    (result) =>
      result.goal && 'measured' in result && shareOfGoal(result.goal, result.measured.median) > 1,
  );
  if (missed.length === 0) return [];
  const names = missed.map(({ name, unit }) => `${name} ${unit}`).join('; ');
  return [`Missed: ${names}. What was tried, and what remains: docs/growth.md.`];
}
