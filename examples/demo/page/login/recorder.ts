import type { ExchangeAnswer } from './exchange-answer';
import { change, type Failure, type Step, type StepChange, type StepId } from './trace';

/** A login under way or over. */
export interface Run {
  /** Tells one run from the next, so that the diagram starts afresh; later runs have higher ids. */
  readonly id: number;
  readonly steps: readonly Step[];
  readonly state: 'running' | 'ok' | 'failed';
  /** Milliseconds of `POST /auth_exchange`, once it was answered. */
  readonly exchangeMs?: number;
  /** Milliseconds from the first step to the last, pauses between attempts included. */
  readonly totalMs?: number;
  /** HTTP status of the bridge's answer. */
  readonly status?: number;
  readonly answer?: ExchangeAnswer;
  readonly failure?: Failure;
}

/** Keeps the account of one run and reports every change of it. */
export interface Recorder {
  readonly run: Run;
  readonly update: (changes: Partial<Run>) => void;
  readonly step: (id: StepId, changes: StepChange) => void;
  /** Does one question's work; its answer's step is drawn by the caller, who knows what it is. */
  readonly timed: <T>(asked: StepId, answered: StepId, work: () => Promise<T>) => Promise<Timed<T>>;
  /** Does what is the page's own business: it does not count. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  readonly succeed: () => void;
  /** Fails at the answer that was waited for last. */
  readonly fail: (failure: Failure) => void;
}

export interface Timed<T> {
  readonly result: T;
  readonly ms: number;
}

export function createRecorder(
  id: number,
  plan: readonly Step[],
  now: () => number,
  report: (run: Run) => void,
): Recorder {
  let run: Run = { id, state: 'running', steps: plan };
  let last: { readonly answered: StepId; readonly ms: number } | undefined;
  const began = now();
  let asideMs = 0;
  const totalMs = () => now() - began - asideMs;

  function update(changes: Partial<Run>): void {
    run = { ...run, ...changes };
    const start = now();
    report(run);
    // Drawing is no part of a login.
    asideMs += now() - start;
  }

  function step(stepId: StepId, changes: StepChange): void {
    update({ steps: change(run.steps, stepId, changes) });
  }

  return {
    get run() {
      return run;
    },
    update,
    step,
    async timed(asked, answered, work) {
      step(asked, { state: 'waiting' });
      const start = now();
      const stop = () => {
        // The clock first: drawing takes time too.
        const ms = now() - start;
        last = { answered, ms };
        step(asked, { state: 'done' });
        return ms;
      };
      try {
        const result = await work();
        return { result, ms: stop() };
      } catch (thrown) {
        stop();
        throw thrown;
      }
    },
    async aside(work) {
      const start = now();
      try {
        return await work();
      } finally {
        asideMs += now() - start;
      }
    },
    succeed() {
      update({ state: 'ok', totalMs: totalMs() });
    },
    fail(failure) {
      const { status, code } = failure;
      const label = status === undefined ? code : `${status} ${code}`;
      if (last) step(last.answered, { state: 'failed', label, ms: last.ms });
      update({
        state: 'failed',
        failure,
        totalMs: totalMs(),
        ...(status !== undefined && { status }),
      });
    },
  };
}
