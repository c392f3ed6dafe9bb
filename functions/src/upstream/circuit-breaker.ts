import type { Clock } from '../clock';

/** The window that failures are counted in, in slices that fall out of it one by one. */
const WINDOW_MS = 30_000;
const SLICE_MS = 1_000;
/** Fewer calls than this say nothing. */
const MIN_CALLS = 20;
const FAILURE_SHARE = 0.5;
/** How long an upstream is left alone before one call may try again. */
const OPEN_MS = 15_000;

/** While one call finds out, the others are told to come back so much later. */
const PROBE_WAIT_MS = 1_000;

/**
 * What a call says about the health of its upstream. A refusal is a sign of life; a call that was
 * not made, or not waited for long enough, says nothing.
 */
export type Verdict = 'success' | 'failure' | 'unknown';

/** Leave to make one call, to be given back with what became of it. */
export type Permit = (verdict: Verdict) => void;

export type Admission =
  { readonly permit: Permit } | { readonly permit: undefined; readonly retryAfterMs: number };

export interface CircuitBreaker {
  /** To be asked right before a call. */
  readonly admit: () => Admission;
}

interface Slice {
  readonly start: number;
  calls: number;
  failures: number;
}

/**
 * Stops calling an upstream that fails, so that callers hear so at once instead of after its
 * deadline, and it can recover. Opens when half of at least 20 calls within 30 s have failed; 15 s
 * later lets one call through, whose fate decides.
 *
 * Of our own, and so small, because the time must come from a clock that never jumps, and because
 * the libraries that do this either ask for a newer Node than ours or cost more at every cold
 * start than all else a login loads besides firebase-admin.
 */
export function circuitBreaker(clock: Pick<Clock, 'elapsed'>): CircuitBreaker {
  let slices: Slice[] = [];
  /** Undefined while closed. */
  let openedAt: number | undefined;
  let probing = false;
  /** Verdicts of calls that began before the last change of state say nothing about today's. */
  let era = 0;

  function change(opened: number | undefined): void {
    openedAt = opened;
    probing = false;
    slices = [];
    era += 1;
  }

  function count(verdict: Verdict): void {
    const now = clock.elapsed();
    slices = slices.filter(({ start }) => start > now - WINDOW_MS);
    let slice = slices.at(-1);
    if (!slice || slice.start <= now - SLICE_MS) {
      slice = { start: now, calls: 0, failures: 0 };
      slices.push(slice);
    }
    slice.calls += 1;
    if (verdict === 'failure') slice.failures += 1;
    const calls = slices.reduce((sum, each) => sum + each.calls, 0);
    const failures = slices.reduce((sum, each) => sum + each.failures, 0);
    if (calls >= MIN_CALLS && failures >= calls * FAILURE_SHARE) change(now);
  }

  function permitOf(own: number): Permit {
    return (verdict) => {
      if (own !== era) return;
      if (verdict === 'unknown') probing = false;
      else if (openedAt === undefined) count(verdict);
      else change(verdict === 'success' ? undefined : clock.elapsed());
    };
  }

  /** How long no call will be admitted, in ms; 0 when one would be. */
  function waitMs(): number {
    if (openedAt === undefined) return 0;
    const left = openedAt + OPEN_MS - clock.elapsed();
    if (left > 0) return left;
    // Half open: one call at a time finds out.
    return probing ? PROBE_WAIT_MS : 0;
  }

  return {
    admit: () => {
      const retryAfterMs = waitMs();
      if (retryAfterMs > 0) return { permit: undefined, retryAfterMs };
      probing = openedAt !== undefined;
      return { permit: permitOf(era) };
    },
  };
}
