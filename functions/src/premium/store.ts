import type { DocumentReference, DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { Clock } from '../clock';
import { isLeased, parseDocument, toDocument, type Entitlement } from './document';
import { EntitlementError, type FailedOutcome, projectionBusy } from './entitlement-error';
import { createKeyedQueue } from './keyed-queue';
import { codeOf, isLostRace } from '../google/error-code';
import { type Attempt, untilWon } from './optimistic';
import { type CallBounds, REQUEST_MS, within } from './google-call';

const COLLECTION = 'entitlements';
/** For all attempts at one change, in calls. */
const CHANGE_CALLS = 4;

/** gRPC status codes with which Firestore refuses a write. After others it may have been made. */
const REFUSED: readonly unknown[] = [3 /* INVALID_ARGUMENT */, 7 /* PERMISSION_DENIED */, 16];

/** The outcome of a decision about a document. */
export interface Decision<T> {
  /** Undefined: nothing is written. */
  readonly write?: Entitlement | undefined;
  readonly result: T;
}

/** @param now Epoch ms on Firestore's clock. */
export type Decide<T> = (stored: Entitlement | undefined, now: number) => Decision<T>;

export interface PageEntry {
  readonly uid: string;
  /** The entitlement, or why the document cannot be read. */
  readonly stored: Entitlement | EntitlementError;
}

export interface EntitlementStore {
  /**
   * Atomically changes one user's document: reads it, decides, and writes it if it is unchanged;
   * otherwise starts over. `decide` may therefore run several times and must be pure.
   *
   * @throws EntitlementError `malformed-document`, `store-unavailable`, and what `decide` throws
   */
  change<T>(uid: string, decide: Decide<T>): Promise<T>;
  /**
   * Deletes one user's document, also a malformed one. False: there was none.
   *
   * @throws EntitlementError `projection-busy` while a write to the account may be in flight,
   *   `store-unavailable`
   */
  remove(uid: string): Promise<boolean>;
  /** Documents ordered by uid; fewer than `size` on the last page. */
  page(after: string | undefined, size: number): Promise<PagePart>;
}

export interface PagePart {
  readonly entries: readonly PageEntry[];
  /** Epoch ms on Firestore's clock. */
  readonly now: number;
}

function unavailable(error: unknown, outcome: FailedOutcome = 'not done'): EntitlementError {
  if (!(error instanceof EntitlementError)) {
    return new EntitlementError('store-unavailable', 'A Firestore call failed', error, outcome);
  }
  return new EntitlementError(error.code, error.message, error.cause, outcome);
}

function read(uid: string, snapshot: DocumentSnapshot): Entitlement | undefined {
  return snapshot.exists ? parseDocument(uid, snapshot.data()) : undefined;
}

/** One attempt: what to send, if anything, for a document as it was read. */
type Plan<T> = (snapshot: DocumentSnapshot) => {
  readonly send?: ((document: DocumentReference) => Promise<unknown>) | undefined;
  readonly result: T;
};

function planChange<T>(
  uid: string,
  snapshot: DocumentSnapshot,
  decide: Decide<T>,
): ReturnType<Plan<T>> {
  const { write, result } = decide(read(uid, snapshot), snapshot.readTime.toMillis());
  if (write === undefined) return { result };
  const content = toDocument(write);
  const { updateTime } = snapshot;
  return {
    result,
    send: (document) =>
      updateTime === undefined
        ? document.create(content)
        : document.update({ ...content }, { lastUpdateTime: updateTime }),
  };
}

function planRemoval(uid: string, snapshot: DocumentSnapshot): ReturnType<Plan<boolean>> {
  const { updateTime } = snapshot;
  if (updateTime === undefined) return { result: false };
  const stored = readOrError(uid, snapshot.data());
  if (!(stored instanceof EntitlementError) && isLeased(stored, snapshot.readTime.toMillis())) {
    throw projectionBusy(uid);
  }
  return { result: true, send: (document) => document.delete({ lastUpdateTime: updateTime }) };
}

/**
 * The collection `entitlements`. The time is Firestore's read time, so that functions and an
 * operator's laptop agree on it despite clock skew.
 *
 * Concurrency is optimistic, by a precondition on the document's update time. `runTransaction` locks
 * instead: two writers of one user block each other until one is aborted, and a caller that timed
 * out leaves its lock behind.
 */
export function createStore(
  firestore: Firestore,
  {
    clock,
    random,
    ...bounds
  }: CallBounds & { readonly clock: Clock; readonly random: () => number },
): EntitlementStore {
  const call = <T>(work: () => Promise<T>) =>
    within(bounds, { code: 'store-unavailable', name: 'Firestore' }, work);
  const collection = firestore.collection(COLLECTION);
  const enqueue = createKeyedQueue();

  /** @param wasSent Whether an earlier attempt at this change sent a write. */
  async function attempt<T>(uid: string, plan: Plan<T>, wasSent: boolean): Promise<Attempt<T>> {
    const document = collection.doc(uid);
    const snapshot = await call(() => document.get()).catch((error: unknown) => {
      throw unavailable(error, wasSent ? 'unknown' : 'not done');
    });
    const { send, result } = plan(snapshot);
    if (!send) return { result };
    try {
      await call(() => send(document));
      return { result };
    } catch (error) {
      if (isLostRace(error)) return undefined;
      const isRefused = REFUSED.includes(codeOf(error));
      throw unavailable(error, isRefused && !wasSent ? 'not done' : 'unknown');
    }
  }

  async function attemptUntilDone<T>(uid: string, plan: Plan<T>): Promise<T> {
    const ms = CHANGE_CALLS * (bounds.timeoutMs ?? REQUEST_MS);
    // Firestore's client repeats a commit by itself, so the race may be lost to our own write.
    const done = await untilWon({ clock, random, ms }, (lost) => attempt(uid, plan, lost > 0));
    if (done) return done.result;
    throw new EntitlementError(
      'store-unavailable',
      `Too many concurrent writers of entitlements/${uid}`,
      undefined,
      'unknown',
    );
  }

  return {
    change: (uid, decide) =>
      enqueue(uid, () => attemptUntilDone(uid, (snapshot) => planChange(uid, snapshot, decide))),
    remove: (uid) =>
      enqueue(uid, () => attemptUntilDone(uid, (snapshot) => planRemoval(uid, snapshot))),
    page: async (after, size) => {
      const ordered = collection.orderBy('__name__').limit(size);
      const query = after === undefined ? ordered : ordered.startAfter(after);
      const { docs, readTime } = await call(() => query.get()).catch((error: unknown) => {
        throw unavailable(error);
      });
      return {
        now: readTime.toMillis(),
        entries: docs.map((snapshot) => ({
          uid: snapshot.id,
          stored: readOrError(snapshot.id, snapshot.data()),
        })),
      };
    },
  };
}

function readOrError(uid: string, content: unknown): Entitlement | EntitlementError {
  try {
    return parseDocument(uid, content);
  } catch (error) {
    // Always an EntitlementError here.
    return unavailable(error);
  }
}
