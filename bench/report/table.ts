import { type Figure, shareOfBound } from '../figure';
import { spread } from '../statistics';

/** One line of the table and of the plot. */
export interface Row {
  readonly name: string;
  readonly against: string;
  readonly target: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  readonly met: boolean;
  /** See `shareOfBound`. */
  readonly used: number;
}

export function rowOf(figure: Figure): Row {
  const { name, against, bound, target, ratios } = figure;
  const { median, min, max, rounds } = spread(ratios);
  const used = shareOfBound(figure, median);
  const sign = bound === 'at most' ? '≤' : '≥';
  return {
    name,
    against,
    target: `${sign} ${target}`,
    median,
    min,
    max,
    rounds,
    met: used <= 1,
    used,
  };
}

/** The table as text, in columns. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    `÷ ${row.against}`,
    row.target,
    row.median.toFixed(2),
    row.rounds > 1 ? `${row.min.toFixed(2)} to ${row.max.toFixed(2)}` : '',
    row.met ? 'met' : 'MISSED',
  ]);
  const all = [['figure', 'ratio to', 'target', 'median', 'spread', ''], ...cells];
  const widths = all[0]?.map((_, column) =>
    Math.max(...all.map((line) => (line[column] ?? '').length)),
  );
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What to make of missed targets; undefined where there are none. */
export function remarkOn(rows: readonly Row[]): string | undefined {
  const missed = rows.filter(({ met }) => !met).map(({ name }) => name);
  if (missed.length === 0) return undefined;
  return (
    `Missed: ${missed.join('; ')}. On a quiet machine every target is met, but for CPU per login, ` +
    'which comes out at 1.54 to 1.63, on either side of its target: whatever else runs takes time, ' +
    'memory and caches from what is measured. What was tried for each, and what stands in the way of ' +
    'more, is in docs/growth.md, "How it became fast".'
  );
}
