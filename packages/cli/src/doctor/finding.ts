import type { Facts } from './facts';

export type State = 'ok' | 'warning' | 'failed' | 'not-checked';

/** What one check found, as `--json` prints it. Never holds a secret or a token. */
export interface Finding {
  /** Name of the check: short, stable, for machines. */
  readonly check: string;
  readonly state: State;
  readonly message: string;
  /** The command or step that fixes it; one command a line. */
  readonly remedy?: string;
}

/** The result of a check, with the facts that later checks may use. */
export interface Verdict {
  readonly state: State;
  readonly message: string;
  readonly remedy?: string;
  readonly facts?: Partial<Facts>;
}

export function ok(message: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'ok', message, facts };
}

/** Logins may still work, or will stop working later. */
export function warning(message: string, remedy: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'warning', message, remedy, facts };
}

/** Logins fail because of it, or the next deployment will. */
export function failed(message: string, remedy: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'failed', message, remedy, facts };
}

/** Nothing is known; `message` says why. */
export function notChecked(message: string, remedy?: string, facts: Partial<Facts> = {}): Verdict {
  return { state: 'not-checked', message, facts, ...(remedy !== undefined && { remedy }) };
}
