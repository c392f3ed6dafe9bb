import type { ExchangeAnswer } from './exchange-answer';
import { change, type Failure, type Step, type StepChange, type StepId } from './trace';

/** A running or finished login. */
export interface Run {
  /** Increases with each run, so that the diagram restarts. */
  readonly id: number;
  readonly steps: readonly Step[];
  readonly state: 'running' | 'ok' | 'failed';
  /** Duration of `POST /auth_exchange` in ms, once answered. */
  readonly exchangeMs?: number;
  /** Milliseconds from the first step to the last, including pauses between attempts. */
  readonly totalMs?: number;
  /** HTTP status of the bridge's answer. */
  readonly status?: number;
  readonly answer?: ExchangeAnswer;
  readonly failure?: Failure;
}

/** Records one run and reports each change. */
export interface Recorder {
  readonly run: Run;
  readonly update: (changes: Partial<Run>) => void;
  readonly step: (id: StepId, changes: StepChange) => void;
  /** Runs and times one request; the caller draws the step of its answer. */
  readonly timed: <T>(asked: StepId, answered: StepId, work: () => Promise<T>) => Promise<Timed<T>>;
  /** Runs work of the page itself, which is excluded from the timing. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  readonly succeed: () => void;
  /** Fails at the answer that is pending. */
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
    // Drawing is excluded from the timing.
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
        // Before drawing, which takes time too.
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
