import type { Figures, Measure } from './measures/measure';
import type { Row } from './row';
import { type Spread, spread } from './statistics';

/** A row with the spread of its figures, or why there are none. */
export type Result = Row & ({ readonly measured: Spread } | { readonly missing: string });

export interface Results {
  readonly add: (figures: Figures) => void;
  readonly fail: (measure: Measure, error: unknown) => void;
  /** Whether every row has a figure, or a measure's own reason for none, and nothing failed. */
  readonly isComplete: () => boolean;
  readonly failures: () => readonly string[];
  /** @param otherwise Why a row has no figure of which nothing else is known. */
  readonly lines: (otherwise: string) => readonly Result[];
}

/** Collects the figures of all rounds. */
export function createResults(measures: readonly Measure[]): Results {
  const rows = measures.flatMap((measure) => measure.rows);
  const figuresOf = new Map<Row, number[]>(rows.map((row) => [row, []]));
  const reasons = new Map<Row, string>();
  const failures: string[] = [];
  return {
    add: (figures) => {
      for (const [row, figure] of figures) {
        if (typeof figure === 'string') reasons.set(row, figure);
        else figuresOf.get(row)?.push(figure);
      }
    },
    fail: ({ name, rows: failed }, error) => {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${name}: ${reason}`);
      for (const row of failed) reasons.set(row, 'failed, see below');
    },
    isComplete: () =>
      failures.length === 0 &&
      rows.every((row) => reasons.has(row) || (figuresOf.get(row)?.length ?? 0) > 0),
    failures: () => failures,
    lines: (otherwise) =>
      rows.map((row) => {
        const figures = figuresOf.get(row) ?? [];
        if (figures.length > 0) return { ...row, measured: spread(figures) };
        return { ...row, missing: reasons.get(row) ?? otherwise };
      }),
  };
}
