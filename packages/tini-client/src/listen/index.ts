// The public API of 'tiki-firebase-client/listen'.
import { type Connection } from '../connection';
import { type ConvertedFirestore } from '../converter/index';
import { type Firestore } from '../firestore/firestore';
import { guarded } from '../firestore/call';
import { documentName } from '../firestore/names';
import { type CollectionGroup, type Query, runQueryCall } from '../firestore/query';
import { type Source } from '../firestore/source';
import { type Snapshot } from '../firestore/types';
import { type FirestoreData } from '../firestore/values';
import { createPolls, type Polls } from './polls';

export interface SnapshotMetadata {
  /** From this phone's storage, not yet from Firestore: only possible at the first call. */
  readonly fromCache: boolean;
}

export interface DocumentSnapshot<T = FirestoreData> {
  /** Null if the document does not exist. */
  readonly document: Snapshot<T> | null;
  readonly metadata: SnapshotMetadata;
}

export interface QuerySnapshot<T = FirestoreData> {
  readonly documents: readonly Snapshot<T>[];
  readonly metadata: SnapshotMetadata;
}

/** A query and where it looks. */
export interface ListenQuery extends Query {
  readonly collection: string | CollectionGroup;
}

/** Gets what ended the listener: it may not read this, or the query is wrong. */
export type ListenError = (error: Error) => void;

interface OnSnapshot {
  <T = FirestoreData>(
    store: Firestore,
    path: string,
    next: (snapshot: DocumentSnapshot<T>) => void,
    error?: ListenError,
  ): () => void;
  <T = FirestoreData>(
    store: Firestore,
    query: ListenQuery,
    next: (snapshot: QuerySnapshot<T>) => void,
    error?: ListenError,
  ): () => void;
  <Model>(
    store: ConvertedFirestore<Model>,
    path: string,
    next: (snapshot: DocumentSnapshot<Model>) => void,
    error?: ListenError,
  ): () => void;
  <Model>(
    store: ConvertedFirestore<Model>,
    query: ListenQuery,
    next: (snapshot: QuerySnapshot<Model>) => void,
    error?: ListenError,
  ): () => void;
}

/** One for each client. */
const polls = new WeakMap<Connection, Polls>();

function pollsOf({ source }: { readonly source: Source<unknown> }): Polls {
  const { connection } = source;
  const existing = polls.get(connection) || createPolls(source);
  polls.set(connection, existing);
  return existing;
}

/**
 * Calls `next` with a document or the documents of a query: once from the cache if this user's is
 * there, once from Firestore, and then with each change. Returns the unsubscribe function.
 *
 * The runtime has no streams, so this polls: 2 s after a change, then at growing intervals of up to
 * 15 s, after failures up to 60 s; at once after a write of this client; and not while the app is
 * hidden or nobody is logged in. All documents share one request, and equal queries share one.
 */
export const onSnapshot: OnSnapshot = (
  store: { readonly source: Source<unknown> },
  target: string | ListenQuery,
  // One of the two types above, which follows from the target.
  next: (snapshot: never) => void,
  error?: ListenError,
): (() => void) => {
  const { connection, decode } = store.source;
  if (typeof next !== 'function') connection.failWith('invalid-argument', { detail: 'listener' });
  const isDocument = typeof target === 'string';
  // Throws for a collection's path.
  if (isDocument) documentName(connection, target);
  const watched = isDocument
    ? target
    : guarded(connection, 'invalid-argument', () =>
        runQueryCall(connection, target.collection, target),
      );
  const { watch } = pollsOf(store);
  const fail = (reason: unknown) => {
    stop();
    if (!error) throw reason;
    // A TikiFirebaseError, or what a converter has thrown.
    error(reason as Error);
  };
  const stop = watch(watched, {
    fail,
    next(documents, fromCache) {
      const metadata = { fromCache };
      let snapshot: object;
      try {
        const found = documents.filter(Boolean).map(decode);
        const [document = null] = found;
        snapshot = isDocument ? { document, metadata } : { documents: found, metadata };
      } catch (reason) {
        // The server's documents are not those that were stored.
        if (!fromCache) fail(reason);
        return;
      }
      next(snapshot as never);
    },
  });
  return stop;
};

/** Stops polling. Call it in `App.onHide` if there is no `my.onAppHide`. */
export function pauseListeners(store: Firestore): void {
  pollsOf(store).hide();
}

/** Call it in `App.onShow` if there is no `my.onAppShow`. */
export function resumeListeners(store: Firestore): void {
  pollsOf(store).show();
}
