import type { TikiFirebase } from 'tiki-firebase-client';
import type { Observation } from '../my/observation';
import { failureFrom } from './failure';
import { createRecorder, type Run } from './recorder';
import type { Scope, Simulator } from '../simulator';
import { PLANNED_LOGIN, PLANNED_RESTORE } from './trace';
import { watchSteps } from './watch-steps';

export interface WatchEffects {
  /** Observes the `my` that the library uses. */
  readonly observation: Observation;
  readonly simulator: Simulator;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** Logs in through the library and reports each step as it happens. Never rejects. */
export async function logIn(
  id: number,
  firebase: Pick<TikiFirebase, 'signIn'>,
  scopes: readonly Scope[],
  { observation, simulator, now }: WatchEffects,
  report: (run: Run) => void,
): Promise<Run> {
  const recorder = createRecorder(id, PLANNED_LOGIN, now, report);
  try {
    await observation.during(watchSteps(recorder, simulator), () => firebase.signIn({ scopes }));
    recorder.succeed();
  } catch (thrown) {
    recorder.fail(failureFrom(thrown));
  }
  return recorder.run;
}

/**
 * Opens the library and waits until it has restored the session in storage and checked its customer.
 * The run is undefined if there is no session.
 */
export async function restore<T extends Pick<TikiFirebase, 'onAuthStateChanged'>>(
  open: () => T,
  { observation, simulator, now }: WatchEffects,
): Promise<{ readonly firebase: T; readonly run: Run | undefined }> {
  const recorder = createRecorder(0, PLANNED_RESTORE, now, () => undefined);
  return observation.during(watchSteps(recorder, simulator), async () => {
    const firebase = open();
    const user = await new Promise((resolve) => {
      const stop = firebase.onAuthStateChanged((first) => {
        stop();
        resolve(first);
      });
    });
    if (!user) return { firebase, run: undefined };
    recorder.succeed();
    return { firebase, run: recorder.run };
  });
}
