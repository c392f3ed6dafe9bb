import { type Fields, fieldsOf, firstOf } from '../runtime/answer';
import { type Connection } from '../connection';
import { merge } from '../merge';
import { appCheck } from './appCheck';
import { decodeDocument } from './decode';
import { encodeFields } from './encode';
import { documentsRoot, segmentsOf, urlPath } from './names';
import { type Query, structuredQuery } from './query';
import { type FirestoreData, Reference, type Snapshot } from './types';
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
  readonly set: (path: string, data: FirestoreData) => Promise<void>;
  /** Writes these fields (`a.b`: b in map a) and keeps the others; `not-found` without a document. */
  readonly update: (path: string, fields: FirestoreData) => Promise<void>;
  /** Also well if there is nothing to delete. */
  readonly delete: (path: string) => Promise<void>;
  readonly ref: (path: string) => Reference;
}

/**
 * Pass it to createTikiFirebase as `firestore`. Only GET and POST are used: Tiki documents no
 * other method for `my.request`.
 */
export function firestore(connection: Connection): Firestore {
  const { baseUrl, authorised, withRetry, send, dataOf } = connection;
  const rootName = documentsRoot(connection);
  const root = `${baseUrl}/firestore/v1/${rootName}`;

  /** POST with data and GET without, and again when the network fails. */
  async function call(path: string, data?: object): Promise<Fields> {
    // In front of a method stands a colon instead of the slash.
    const url = path.startsWith(':') ? root.slice(0, -1) + path : root + path;
    const answer = await authorised((authorisation, session) => {
      const headers = merge(authorisation, appCheck(session, connection.now()));
      const request = data ? { url, headers, data, method: 'POST' } : { url, headers };
      return withRetry(connection, () => send(connection, request));
    });
    const body = dataOf(connection, answer);
    // A list where the method streams: what began well can no longer say otherwise by its status.
    const items: readonly unknown[] = Array.isArray(body) ? body : [];
    const failed = items.find((item) => fieldsOf(item)['error']);
    return failed ? dataOf(connection, merge(answer, { status: 500, data: failed })) : body;
  }

  /** A write that says how the document is to be, not what to add: it may be sent twice. */
  async function commit(path: string, write: (name: string) => object): Promise<void> {
    segmentsOf(connection, path, 0);
    await call(':commit', { writes: [write(rootName + path)] });
  }

  const decode = (document: unknown) => decodeDocument(connection, document);

  return {
    async get(path) {
      segmentsOf(connection, path, 0);
      const answer = await call(':batchGet', { documents: [rootName + path] });
      const { found, missing } = firstOf(answer);
      return missing ? null : decode(found);
    },
    async list(collection, { pageSize = 100, pageToken = '' } = {}) {
      const path = urlPath(segmentsOf(connection, collection, 1));
      const page = `?pageSize=${pageSize}&pageToken=${encodeURIComponent(pageToken)}`;
      const answer = await call(path + page);
      return {
        // Of an empty collection there is not even a list.
        documents: ((answer['documents'] || []) as unknown[]).map(decode),
        nextPageToken: (answer['nextPageToken'] || '') as string,
      };
    },
    async query(collection, query = {}) {
      const segments = segmentsOf(connection, collection, 1);
      const id = segments.pop();
      const answer = await call(`${urlPath(segments)}:runQuery`, {
        structuredQuery: structuredQuery(connection, id, query),
      });
      if (!Array.isArray(answer)) connection.failWith('bad-response');
      // Items without a document only tell the time of reading.
      return answer
        .map((item) => fieldsOf(item)['document'])
        .filter(Boolean)
        .map(decode);
    },
    set: (path, data) =>
      commit(path, (name) => ({ update: { name, fields: encodeFields(connection, data) } })),
    update: (path, fields) => commit(path, (name) => updateWrite(connection, name, fields)),
    delete: (path) => commit(path, (name) => ({ delete: name })),
    ref: (path) => new Reference(path),
  };
}
