import type { TikiFirebase } from 'tiki-firebase-client';
import type { Observation } from '../my/observation';
import { failureFrom } from './failure';
import { createRecorder, type Run } from './recorder';
import type { Scope, Simulator } from '../simulator';
import { PLANNED_LOGIN, PLANNED_RESTORE } from './trace';
import { watchSteps } from './watch-steps';

export interface WatchEffects {
  /** Of the `my` that the library was given. */
  readonly observation: Observation;
  readonly simulator: Simulator;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** Lets the library log in and reports every step as it happens. Never rejects. */
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
 * Waits until the library, opened here, has looked whether a session is in storage and whose it
 * is. The run is undefined when there is none to go on with.
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
