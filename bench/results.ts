import type { Figures, Measure } from './measures/measure';
import type { Row } from './row';
import { type Spread, spread } from './statistics';

/** A row with the spread of its figures, or why there are none. */
export type Result = Row & ({ readonly measured: Spread } | { readonly missing: string });

export interface Results {
  readonly add: (figures: Figures) => void;
  /** A round that failed has no figures; those of the other rounds count. */
  readonly fail: (measure: Measure, error: unknown) => void;
  readonly failures: () => readonly string[];
  /** Whether every row has a figure, or a measure's own reason for having none. */
  readonly isComplete: () => boolean;
  /** @param otherwise The default reason why a row has no figure. */
  readonly lines: (otherwise: string) => readonly Result[];
}

/** Collects the figures of all rounds. */
export function createResults(measures: readonly Measure[]): Results {
  const rows = measures.flatMap((measure) => measure.rows);
  const figuresOf = new Map<Row, readonly number[]>();
  const reasons = new Map<Row, string>();
  const failed = new Map<Row, string>();
  const failures: string[] = [];
  return {
    add: (figures) => {
      for (const [row, figure] of figures) {
        if (typeof figure === 'string') reasons.set(row, figure);
        else figuresOf.set(row, [...(figuresOf.get(row) ?? []), figure]);
      }
    },
    fail: (measure, error) => {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`A round of ${measure.name} failed: ${reason}`);
      for (const row of measure.rows) failed.set(row, 'failed, see below');
    },
    failures: () => failures,
    isComplete: () => rows.every((row) => figuresOf.has(row) || reasons.has(row)),
    lines: (otherwise) =>
      rows.map((row) => {
        const figures = figuresOf.get(row);
        if (figures) return { ...row, measured: spread(figures) };
        return { ...row, missing: reasons.get(row) ?? failed.get(row) ?? otherwise };
      }),
  };
}
