// The public API of 'tiki-firebase-client/converter'.
import { merge } from '../merge';
import { type Firestore } from '../firestore/firestore';
import { type CollectionGroup, type Query } from '../firestore/query';
import { type ListOptions, type Page } from '../firestore/read';
import { withData } from '../firestore/snapshots';
import { type Source } from '../firestore/source';
import { type Snapshot, type WritableData } from '../firestore/types';
import { type Reference } from '../firestore/values';

/** Between an app's own objects and the fields of documents. */
export interface FirestoreDataConverter<Model> {
  readonly toFirestore: (model: Model) => WritableData;
  readonly fromFirestore: (snapshot: Snapshot) => Model;
}

/** What `withConverter` returns: `data` is an app's own object. */
export interface ConvertedFirestore<Model> {
  readonly get: (path: string) => Promise<Snapshot<Model> | null>;
  readonly list: (collection: string, options?: ListOptions) => Promise<Page<Model>>;
  readonly query: (
    collection: string | CollectionGroup,
    query?: Query,
  ) => Promise<readonly Snapshot<Model>[]>;
  readonly add: (collection: string, model: Model) => Promise<Reference>;
  /** Creates the document or replaces it completely. */
  readonly set: (path: string, model: Model) => Promise<void>;
  /** For 'tiki-firebase-client/listen'. */
  readonly source: Source<Model>;
}

/**
 * The same Firestore with documents as an app's own objects. What `fromFirestore` and `toFirestore`
 * throw is passed on as it is.
 */
export function withConverter<Model>(
  { get, list, query, add, set, source }: Firestore,
  { toFirestore, fromFirestore }: FirestoreDataConverter<Model>,
): ConvertedFirestore<Model> {
  const convert = (snapshot: Snapshot): Snapshot<Model> =>
    withData(snapshot, fromFirestore(snapshot));
  return {
    async get(path) {
      const snapshot = await get(path);
      return snapshot && convert(snapshot);
    },
    async list(collection, options) {
      const { documents, nextPageToken } = await list(collection, options);
      return { documents: documents.map(convert), nextPageToken };
    },
    query: async (collection, wanted) => (await query(collection, wanted)).map(convert),
    add: async (collection, model) => add<object>(collection, toFirestore(model)),
    set: async (path, model) => set<object>(path, toFirestore(model)),
    source: merge(source, { decode: (document: unknown) => convert(source.decode(document)) }),
  };
}
