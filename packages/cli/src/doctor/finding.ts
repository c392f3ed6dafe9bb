import type { Facts } from './facts';

export type State = 'ok' | 'warning' | 'failed' | 'not-checked';

/** What one check found, as `--json` prints it. Never holds a secret or a token. */
export interface Finding {
  /** Name of the check: short, stable, for machines. */
  readonly check: string;
  readonly state: State;
  readonly message: string;
  /** The command or step that mends it; several lines are several commands. */
  readonly remedy?: string;
}

/** A check's own words, before it is named; with what later checks may build on. */
export interface Verdict {
  readonly state: State;
  readonly message: string;
  readonly remedy?: string;
  readonly facts?: Partial<Facts>;
}

export function ok(message: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'ok', message, facts };
}

/** Logins may work all the same, or will stop working some day. */
export function warning(message: string, remedy: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'warning', message, remedy, facts };
}

/** Logins fail because of it, or the next deployment will. */
export function failed(message: string, remedy: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'failed', message, remedy, facts };
}

/** Nothing can be said; `message` says why. */
export function notChecked(message: string, remedy?: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'not-checked', message, facts, ...(remedy !== undefined && { remedy }) };
}
