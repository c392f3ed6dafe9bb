import { fieldsOf, firstOf } from '../runtime/answer';
import { type Connection } from '../connection';
import { call } from './call';
import { decodeDocument } from './decode';
import { encodeFields } from './encode';
import { documentsRoot, segmentsOf, urlPath } from './names';
import { type Query, structuredQuery } from './query';
import { type DocumentOf, Reference, type Snapshot } from './types';
import { updateWrite } from './update';

export interface ListOptions {
  /** 100 unless given. */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string;
}

export interface Page {
  readonly documents: readonly Snapshot[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** Firestore as the user who is logged in; security rules decide. Paths as in the console. */
export interface Firestore {
  /** Null if there is no such document. */
  readonly get: (path: string) => Promise<Snapshot | null>;
  readonly list: (collection: string, options?: ListOptions) => Promise<Page>;
  readonly query: (collection: string, query?: Query) => Promise<readonly Snapshot[]>;
  /** Creates the document or replaces it as a whole. */
  readonly set: <T extends object>(path: string, data: DocumentOf<T>) => Promise<void>;
  /** Writes these fields (`a.b`: b in map a) and keeps the others; `not-found` without a document. */
  readonly update: <T extends object>(path: string, fields: DocumentOf<T>) => Promise<void>;
  /** Also well if there is nothing to delete. */
  readonly delete: (path: string) => Promise<void>;
  readonly ref: (path: string) => Reference;
}

/**
 * Pass it to createTikiFirebase as `firestore`. Only GET and POST are used: Tiki documents no
 * other method for `my.request`.
 */
export function firestore(connection: Connection): Firestore {
  const rootName = documentsRoot(connection);
  const decode = (document: unknown) => decodeDocument(connection, document);

  /** The document's full name; throws where the path is none of a document. */
  function nameOf(path: string): string {
    segmentsOf(connection, path, 0);
    return rootName + path;
  }

  /** A write that says how the document is to be, not what to add: it may be sent twice. */
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
          // Of an empty collection there is not even a list.
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
          // A list, or this throws. Items without a document only tell the time of reading.
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
