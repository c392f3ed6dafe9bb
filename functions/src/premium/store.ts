import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  WriteBatch,
} from 'firebase-admin/firestore';
import type { Clock } from '../clock';
import { AUDIT, auditEntry, type Actor, type Changed } from './audit';
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

/** What a failed call to Firestore is for the caller. */
export function unavailable(error: unknown, outcome: FailedOutcome = 'not done'): EntitlementError {
  if (!(error instanceof EntitlementError)) {
    return new EntitlementError('store-unavailable', 'A Firestore call failed', error, outcome);
  }
  return new EntitlementError(error.code, error.message, error.cause, outcome);
}

function read(uid: string, snapshot: DocumentSnapshot): Entitlement | undefined {
  return snapshot.exists ? parseDocument(uid, snapshot.data()) : undefined;
}

/** One attempt: what to write, if anything, for a document as it was read. */
type Plan<T> = (snapshot: DocumentSnapshot) => {
  readonly write?: ((batch: WriteBatch, document: DocumentReference) => void) | undefined;
  /** For the audit trail. */
  readonly changed?: Changed['premium'];
  readonly result: T;
};

function planChange<T>(
  uid: string,
  snapshot: DocumentSnapshot,
  decide: Decide<T>,
): ReturnType<Plan<T>> {
  const before = read(uid, snapshot);
  const { write, result } = decide(before, snapshot.readTime.toMillis());
  if (write === undefined) return { result };
  const content = toDocument(write);
  const { updateTime } = snapshot;
  return {
    result,
    changed: { before, after: write },
    write: (batch, document) => {
      if (updateTime === undefined) batch.create(document, content);
      else batch.update(document, { ...content }, { lastUpdateTime: updateTime });
    },
  };
}

function planRemoval(uid: string, snapshot: DocumentSnapshot): ReturnType<Plan<boolean>> {
  const { updateTime } = snapshot;
  if (updateTime === undefined) return { result: false };
  const stored = readOrError(uid, snapshot.data());
  const before = stored instanceof EntitlementError ? undefined : stored;
  if (before && isLeased(before, snapshot.readTime.toMillis())) throw projectionBusy(uid);
  return {
    result: true,
    changed: { before, after: undefined },
    write: (batch, document) => batch.delete(document, { lastUpdateTime: updateTime }),
  };
}

export interface StoreSettings extends CallBounds {
  readonly clock: Clock;
  readonly random: () => number;
  /** Who writes, for the audit trail. */
  readonly by: Actor;
}

/**
 * The collection `entitlements`, each change with its entry in the audit trail. The time is Firestore's
 * read time, so that functions and an operator's laptop agree on it despite clock skew.
 *
 * Concurrency is optimistic, by a precondition on the document's update time. `runTransaction` locks
 * instead: two writers of one user block each other until one is aborted, and a caller that timed
 * out leaves its lock behind.
 */
export function createStore(
  firestore: Firestore,
  { clock, random, by, ...bounds }: StoreSettings,
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
    const { write, changed, result } = plan(snapshot);
    if (!write) return { result };
    const batch = firestore.batch();
    write(batch, document);
    const entry = auditEntry({ by, uid, now: snapshot.readTime.toMillis(), premium: changed });
    if (entry) batch.create(firestore.collection(AUDIT).doc(), { ...entry });
    try {
      await call(() => batch.commit());
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
