import { fieldsOf, firstOf } from '../runtime/answer';
import { type Connection } from '../connection';
import { call } from './call';
import { decodeDocument } from './decode';
import { encodeFields } from './encode';
import { documentsRoot, segmentsOf, urlPath } from './names';
import { type Query, structuredQuery } from './query';
import { type ChangesOf, type DocumentOf, Reference, type Snapshot } from './types';
import { updateWrite } from './update';

export interface ListOptions {
  /** Default 100. */
  readonly pageSize?: number;
  /** `nextPageToken` of the previous page. */
  readonly pageToken?: string;
}

export interface Page {
  readonly documents: readonly Snapshot[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** Firestore as the signed-in user, subject to security rules. Paths as in the console. */
export interface Firestore {
  /** Null if the document does not exist. */
  readonly get: (path: string) => Promise<Snapshot | null>;
  readonly list: (collection: string, options?: ListOptions) => Promise<Page>;
  readonly query: (collection: string, query?: Query) => Promise<readonly Snapshot[]>;
  /** Creates the document or replaces it completely. */
  readonly set: <T extends object>(path: string, data: DocumentOf<T>) => Promise<void>;
  /**
   * Writes these fields (`a.b`: b in map a), removes those that are `deleteField()`, and keeps
   * others; `not-found` without a document.
   */
  readonly update: <T extends object>(path: string, fields: ChangesOf<T>) => Promise<void>;
  /** Also succeeds if the document does not exist. */
  readonly delete: (path: string) => Promise<void>;
  readonly ref: (path: string) => Reference;
}

/**
 * Pass it to createTikiFirebase as `firestore`. Uses only GET and POST, the only methods that Tiki
 * documents for `my.request`.
 */
export function firestore(connection: Connection): Firestore {
  const rootName = documentsRoot(connection);
  const decode = (document: unknown) => decodeDocument(connection, document);

  /** The document's full name; throws if the path is not a document's. */
  function nameOf(path: string): string {
    segmentsOf(connection, path, 0);
    return rootName + path;
  }

  /** Idempotent: a write states the final content, so it may be sent twice. */
  const commit = (prepare: () => object) =>
    call(
      connection,
      () => [':commit', { writes: [prepare()] }],
      () => undefined,
    );

  return {
    get: (path) =>
      call(
        connection,
        () => [':batchGet', { documents: [nameOf(path)] }],
        (answer) => {
          const { found, missing } = firstOf(answer);
          return missing ? null : decode(found);
        },
      ),
    list: (collection, options) =>
      call(
        connection,
        () => {
          const { pageSize = 100, pageToken = '' } = options || {};
          const path = urlPath(segmentsOf(connection, collection, 1));
          return [`${path}?pageSize=${pageSize}&pageToken=${encodeURIComponent(pageToken)}`];
        },
        ({ documents, nextPageToken }) => ({
          // Missing for an empty collection.
          documents: ((documents || []) as unknown[]).map(decode),
          nextPageToken: (nextPageToken || '') as string,
        }),
      ),
    query: (collection, query = {}) =>
      call(
        connection,
        () => {
          const segments = segmentsOf(connection, collection, 1);
          const id = segments.pop();
          return [
            `${urlPath(segments)}:runQuery`,
            { structuredQuery: structuredQuery(connection, id, query) },
          ];
        },
        (answer) =>
          // Throws if not a list. Items without a document only carry the read time.
          (answer as unknown as unknown[])
            .map((item) => fieldsOf(item)['document'])
            .filter(Boolean)
            .map(decode),
      ),
    set: (path, data) =>
      commit(() => ({ update: { name: nameOf(path), fields: encodeFields(connection, data) } })),
    update: (path, fields) => commit(() => updateWrite(connection, nameOf(path), fields)),
    delete: (path) => commit(() => ({ delete: nameOf(path) })),
    ref: (path) => new Reference(path),
  };
}
