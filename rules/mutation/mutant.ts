/** A rules file with one change. */
export interface Mutant {
  /** For reports: `line 23: request.auth.uid == uid → true`. */
  readonly change: string;
  readonly rules: string;
}

/** A replacement by source offsets; the end is exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function applyEdit(source: string, { start, end, text }: Edit): Mutant {
  const line = source.slice(0, start).split('\n').length;
  const before = source.slice(start, end).replace(/\s+/g, ' ');
  return {
    change: `line ${line}: ${before} → ${text === '' ? 'nothing' : text}`,
    rules: source.slice(0, start) + text + source.slice(end),
  };
}

/** Moves a bound by one step. The table needs a row on each side of every bound. */
export const OTHER_BOUND: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};
