import { type Connection } from '../connection';
import { type Fields } from '../runtime/answer';
import { call, listOf } from './call';
import { checkDocument, decodeDocument } from './decode';
import { documentName, segmentsOf, urlPath } from './names';
import { type Snapshot } from './types';
import { type FirestoreData } from './values';

/** Documents in Firestore's format, in the order of their paths; null for those that do not exist. */
export function getAll(
  connection: Connection,
  paths: readonly string[],
): Promise<readonly unknown[]> {
  let names: readonly string[] = [];
  return call(
    connection,
    () => {
      names = paths.map((path) => documentName(connection, path));
      return [':batchGet', { documents: names }];
    },
    (answer) => {
      // Firestore answers in any order.
      const byName = new Map<unknown, unknown>();
      for (const { found, missing } of listOf(answer)) {
        if (found) byName.set((found as Fields)['name'], checkDocument(connection, found));
        else byName.set(missing, null);
      }
      return names.map((name) => {
        const document = byName.get(name);
        if (document === undefined) throw new Error(name);
        return document;
      });
    },
  );
}

export function getDocument(connection: Connection, path: string): Promise<Snapshot | null> {
  return getAll(connection, [path]).then(([found]) =>
    found ? decodeDocument(connection, found) : null,
  );
}

export interface ListOptions {
  /** Default 100. */
  readonly pageSize?: number;
  /** `nextPageToken` of the previous page. */
  readonly pageToken?: string;
}

export interface Page<T> {
  readonly documents: readonly Snapshot<T>[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export function listDocuments(
  connection: Connection,
  collection: string,
  { pageSize = 100, pageToken = '' }: ListOptions = {},
): Promise<Page<FirestoreData>> {
  return call(
    connection,
    () => {
      const path = urlPath(segmentsOf(connection, collection, 1));
      return [`${path}?pageSize=${pageSize}&pageToken=${encodeURIComponent(pageToken)}`];
    },
    (answer) => {
      // An empty collection is an empty object. Another server's JSON has other fields.
      const isPage = Object.keys(answer).every((name) => /^(documents|nextPageToken)$/.test(name));
      if (!isPage || Array.isArray(answer)) throw new Error('documents');
      const { documents = [], nextPageToken = '' } = answer;
      if (typeof nextPageToken !== 'string') throw new Error('nextPageToken');
      const page = (documents as unknown[]).map((found) => decodeDocument(connection, found));
      const other = page.find(({ path, id }) => path !== `${collection}/${id}`);
      if (other) throw new Error(other.path);
      return { documents: page, nextPageToken };
    },
  );
}
