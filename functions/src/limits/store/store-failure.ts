import { explainFirestoreFailure, type FirestoreFault } from '../../google/firestore-failure';
import type { OperatorNote } from '../../problem';
import { setParameters } from '../../remedy';
import { TimeUp } from '../../clock';

/** Firestore answered, but did not count. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';

  constructor(
    readonly status: number,
    /** Matched against, never logged. */
    readonly body: string,
  ) {
    super(`Firestore answered ${status}`);
  }
}

/** There was no answer. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable';

  /** @param errno As Node names it. */
  constructor(readonly errno: string) {
    super(`Firestore cannot be reached (${errno})`);
  }
}

/** The project whose Firestore to count in is not known. */
export class UnknownProject extends Error {
  override readonly name = 'UnknownProject';
}

/** Faults that no single command fixes. */
const NO_QUICK_FIX: ReadonlySet<FirestoreFault> = new Set(['datastore-mode', 'no-quota']);

const withoutStore = (projectId: string) =>
  setParameters('set RATE_LIMIT_STORE=memory', 'functions:auth', projectId);

function wordsOf(error: unknown): string {
  if (error instanceof StoreRefusal) return error.body;
  return error instanceof Error ? error.message : '';
}

function unexplained(error: unknown): string {
  if (error instanceof TimeUp) return `Counting in Firestore ${error.message}`;
  if (error instanceof StoreRefusal || error instanceof StoreUnreachable) return error.message;
  return 'Counting in Firestore failed';
}

/** For the operator: what is wrong with the store, and how to fix it or do without. */
export function explainStoreFailure(
  error: unknown,
  project: string,
): Required<Pick<OperatorNote, 'cause' | 'remedy'>> {
  if (error instanceof UnknownProject) {
    return {
      cause: 'The id of this project is not known',
      remedy: 'set GCLOUD_PROJECT=<project>, as the Firebase CLI does when it deploys',
    };
  }
  const known = explainFirestoreFailure(wordsOf(error), { projectId: project, service: 'auth' });
  const without = withoutStore(project);
  if (!known) return { cause: unexplained(error), remedy: `if this goes on: ${without}` };
  const { fault, cause, remedy } = known;
  if (remedy === undefined) return { cause, remedy: without };
  return { cause, remedy: NO_QUICK_FIX.has(fault) ? `${remedy}, or ${without}` : remedy };
}
