import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { Clock } from '../clock';
import { parseDocument, toDocument, type Entitlement } from './document';
import { EntitlementError } from './entitlement-error';
import { createKeyedQueue } from './keyed-queue';
import { codeOf, within } from './google-call';

const COLLECTION = 'entitlements';
/** Bound of one call, ms, while a request waits for it. */
const REQUEST_MS = 2_000;
/** For all attempts at one change. */
const CHANGE_FACTOR = 4;
const MAX_PAUSE_MS = 250;

/** gRPC status codes of a failed precondition: another writer was faster. */
const ALREADY_EXISTS = 6;
const LOST_RACE: readonly unknown[] = [5 /* NOT_FOUND */, ALREADY_EXISTS, 9, 10 /* ABORTED */];

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
  /** Documents ordered by uid; fewer than `size` on the last page. */
  page(after: string | undefined, size: number): Promise<PagePart>;
}

export interface PagePart {
  readonly entries: readonly PageEntry[];
  /** Epoch ms on Firestore's clock. */
  readonly now: number;
}

function unavailable(error: unknown): EntitlementError {
  return error instanceof EntitlementError
    ? error
    : new EntitlementError('store-unavailable', 'A Firestore call failed', error);
}

function read(uid: string, snapshot: DocumentSnapshot): Entitlement | undefined {
  return snapshot.exists ? parseDocument(uid, snapshot.data()) : undefined;
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
    timeoutMs = REQUEST_MS,
  }: {
    readonly clock: Clock;
    readonly random: () => number;
    /** Bound of one call. */
    readonly timeoutMs?: number | undefined;
  },
): EntitlementStore {
  const call = <T>(work: () => Promise<T>) =>
    within(timeoutMs, { code: 'store-unavailable', name: 'Firestore' }, work);
  const collection = firestore.collection(COLLECTION);
  const enqueue = createKeyedQueue();

  /** @returns undefined when another writer was faster. */
  async function attempt<T>(uid: string, decide: Decide<T>) {
    const document = collection.doc(uid);
    const snapshot = await call(() => document.get()).catch((error: unknown) => {
      throw unavailable(error);
    });
    const { write, result } = decide(read(uid, snapshot), snapshot.readTime.toMillis());
    if (write === undefined) return { result };
    const content = toDocument(write);
    const { updateTime } = snapshot;
    try {
      await call<unknown>(() =>
        updateTime === undefined
          ? document.create(content)
          : document.update({ ...content }, { lastUpdateTime: updateTime }),
      );
      return { result };
    } catch (error) {
      if (LOST_RACE.includes(codeOf(error))) return undefined;
      throw unavailable(error);
    }
  }

  async function changeWithRetries<T>(uid: string, decide: Decide<T>): Promise<T> {
    const end = clock.elapsed() + CHANGE_FACTOR * timeoutMs;
    for (let tries = 1; clock.elapsed() < end; tries += 1) {
      const done = await attempt(uid, decide);
      if (done) return done.result;
      await clock.sleep(random() * Math.min(MAX_PAUSE_MS, 20 * tries));
    }
    throw new EntitlementError(
      'store-unavailable',
      `Too many concurrent writers of entitlements/${uid}`,
    );
  }

  return {
    change: (uid, decide) => enqueue(uid, () => changeWithRetries(uid, decide)),
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
