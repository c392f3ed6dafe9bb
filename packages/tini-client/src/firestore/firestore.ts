import { type Connection } from '../connection';
import { type TikiFirebaseError } from '../errors';
import { merge } from '../merge';
import { asUser } from './as-user';
import { autoId } from '../auto-id';
import { createBatch, type WriteBatch } from './batch';
import { decodeDocument } from './decode';
import { documentName, segmentsOf } from './names';
import { type CollectionGroup, type Query, runQuery, runQueryCall } from './query';
import { getDocument, listDocuments, type ListOptions, type Page } from './read';
import { type Source } from './source';
import { type DocumentOf, type Snapshot } from './types';
import { type FirestoreData, Reference } from './values';
import { type Commit, commit, createWriter, setWrite, type Writer } from './write';

/**
 * Firestore as the signed-in user, subject to security rules. Paths as in the console. T is the type
 * that the app expects of a document's data; it is not checked.
 */
export interface Firestore extends Writer<Promise<void>> {
  /** Null if the document does not exist. */
  readonly get: <T = FirestoreData>(path: string) => Promise<Snapshot<T> | null>;
  readonly list: <T = FirestoreData>(collection: string, options?: ListOptions) => Promise<Page<T>>;
  readonly query: <T = FirestoreData>(
    collection: string | CollectionGroup,
    query?: Query,
  ) => Promise<readonly Snapshot<T>[]>;
  /** Creates a document with a new id, and returns its reference. */
  readonly add: <T extends object>(collection: string, data: DocumentOf<T>) => Promise<Reference>;
  /** Writes that are done together or not at all. */
  readonly batch: () => WriteBatch;
  readonly ref: (path: string) => Reference;
  /** For the entries that build on Firestore, such as 'tiki-firebase-client/listen'. */
  readonly source: Source<FirestoreData>;
}

/**
 * Pass it to createTikiFirebase as `firestore`. Uses only GET and POST, the only methods that Tiki
 * documents for `my.request`.
 */
export function firestore(connection: Connection): Firestore {
  const afterWrite = new Set<() => void>();
  const decode = (document: unknown) => decodeDocument(connection, document);

  const write: Commit = (prepare, user, once) =>
    commit(asUser(connection, user), prepare, once).then(() => {
      afterWrite.forEach((listener) => {
        listener();
      });
    });

  function add(collection: string, data: object): Promise<Reference> {
    const path = `${collection}/${autoId()}`;
    return write(() => {
      segmentsOf(connection, collection, 1);
      const created = setWrite(connection, documentName(connection, path), data);
      return [merge(created, { currentDocument: { exists: false } })];
    }).then(
      () => new Reference(path),
      (error: unknown) => {
        // Nobody else has this id: an earlier attempt was done although its answer was lost.
        if ((error as TikiFirebaseError).code !== 'already-exists') throw error;
        return new Reference(path);
      },
    );
  }

  const store: Firestore = merge(
    createWriter(connection, (prepare) => write(() => [prepare()])),
    {
      get: (path: string) => getDocument(connection, path),
      list: (collection: string, options?: ListOptions) =>
        listDocuments(connection, collection, options),
      query: (collection: string | CollectionGroup, query?: Query) =>
        runQuery(connection, () => runQueryCall(connection, collection, query), decode),
      add,
      batch: () => createBatch(connection, write),
      ref: (path: string) => new Reference(path),
      source: { connection, afterWrite, commit: write, decode },
    },
    // The types of data are the app's.
  ) as Firestore;
  return store;
}
