import type { Firestore } from 'firebase-admin/firestore';
import { TimeUp, withinDeadline, type Deadline } from '../clock';
import { explainFirestoreFailure, type FirestoreFault } from '../google/firestore-failure';
import { openOnce } from '../lazy';
import { Problem } from '../problem';

/** Firestore in a request, ms. */
const TIMEOUT_MS = 2_000;
/** To load its client, which a new instance does with its first call. */
const OPEN_MS = 5_000;
const RETRY_AFTER_SECONDS = 1;

/**
 * A bounded piece of work in Firestore.
 *
 * @throws Problem `not-configured` where this project has no Firestore; `misconfigured`,
 *   `upstream-timeout` or `upstream-unavailable`
 */
export type FirestoreCall = <T>(
  deadline: Deadline,
  work: (firestore: Firestore) => Promise<T>,
) => Promise<T>;

const NOT_SET_UP: ReadonlySet<FirestoreFault> = new Set([
  'api-disabled',
  'datastore-mode',
  'no-database',
]);

function problemOf(error: unknown, projectId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TimeUp) return new Problem('upstream-timeout');
  const words = error instanceof Error ? error.message : '';
  const known = explainFirestoreFailure(words, { projectId, service: 'sessions' });
  if (!known) {
    return new Problem('upstream-unavailable', {
      cause: error,
      operator: { cause: 'A call to Firestore failed' },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  const { cause, remedy } = known;
  return new Problem(NOT_SET_UP.has(known.fault) ? 'not-configured' : 'misconfigured', {
    cause: error,
    operator: { cause, ...(remedy !== undefined && { remedy }) },
  });
}

/** @param open Called by the first call, and again after it has failed. */
export function createFirestoreCall(
  projectId: string,
  open: () => Promise<Firestore>,
): FirestoreCall {
  const opened = openOnce(open);
  return async (deadline, work) => {
    try {
      const firestore = await withinDeadline(OPEN_MS, deadline, opened());
      return await withinDeadline(TIMEOUT_MS, deadline, work(firestore));
    } catch (error) {
      throw problemOf(error, projectId);
    }
  };
}
