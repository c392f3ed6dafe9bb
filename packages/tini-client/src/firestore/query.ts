import { type Connection } from '../connection';
import { fieldsOf } from '../runtime/answer';
import { type Call, call, listOf } from './call';
import { encode } from './encode';
import { and, conditionsIn, encodeFilter, fieldReference, type Filter } from './filter';
import { segmentsOf, urlPath } from './names';
import { cursorValues, fullOrder, type Order } from './order';
import { refuse } from './refuse';
import { type Snapshot } from './types';
import { type FirestoreValue } from './values';

/** All collections of that id, wherever they are. */
export class CollectionGroup {
  declare private readonly kind: 'CollectionGroup';
  constructor(readonly id: string) {}
}

export const collectionGroup = (id: string) => new CollectionGroup(id);

/**
 * The document, exactly as it was read by a query; or values of the first `orderBy` fields, which
 * stand for all documents with these values.
 */
export type Cursor = Snapshot<unknown> | readonly FirestoreValue[];

export interface Query {
  /** Combined with AND; see `or()`. */
  readonly where?: readonly Filter[];
  readonly orderBy?: readonly Order[];
  readonly startAt?: Cursor;
  readonly startAfter?: Cursor;
  readonly endAt?: Cursor;
  readonly endBefore?: Cursor;
  readonly limit?: number;
}

/** Firestore's `structuredQuery`. Undefined properties are omitted from the JSON. */
export function structuredQuery(connection: Connection, from: object, query: Query): object {
  const { where = [], orderBy = [], limit } = query;
  const orders = fullOrder(conditionsIn(where), orderBy);
  const cursor = (name: 'startAt' | 'startAfter' | 'endAt' | 'endBefore', before: boolean) => {
    const given = query[name];
    return (
      given && {
        values: cursorValues(connection, orders, name, given).map((value) =>
          encode(connection, value, name),
        ),
        before,
      }
    );
  };
  return {
    from: [from],
    where: where.length ? encodeFilter(connection, and(...where)) : undefined,
    orderBy: orders.map(([path, direction]) => ({
      field: fieldReference(path),
      direction: direction === 'desc' ? 'DESCENDING' : 'ASCENDING',
    })),
    startAt: cursor('startAfter', false) || cursor('startAt', true),
    endAt: cursor('endBefore', true) || cursor('endAt', false),
    limit,
  };
}

export function runQueryCall(
  connection: Connection,
  collection: string | CollectionGroup,
  query: Query = {},
): Call {
  let parent: string[] = [];
  let from: object;
  if (collection instanceof CollectionGroup) {
    const { id } = collection;
    // An id, not a path.
    if (segmentsOf(connection, id, 1).length > 1) refuse(connection, id);
    from = { collectionId: id, allDescendants: true };
  } else {
    parent = segmentsOf(connection, collection, 1);
    from = { collectionId: parent.pop() };
  }
  const structured = structuredQuery(connection, from, query);
  return [`${urlPath(parent)}:runQuery`, { structuredQuery: structured }];
}

/** The id of the collection that a call of `runQueryCall` reads. */
function collectionIdOf([, body]: Call): string {
  // As written above.
  const { structuredQuery } = body as {
    readonly structuredQuery: { readonly from: readonly [{ readonly collectionId: string }] };
  };
  return structuredQuery.from[0].collectionId;
}

/**
 * Runs the query of `runQueryCall`.
 *
 * @param read Gets a document in Firestore's format, and throws if it is none.
 */
export function runQuery<T>(
  connection: Connection,
  prepare: () => Call,
  read: (document: unknown) => T,
): Promise<readonly T[]> {
  let collectionId = '';
  const prepareAndNote = () => {
    const target = prepare();
    collectionId = collectionIdOf(target);
    return target;
  };
  return call(connection, prepareAndNote, (answer) => {
    const items = listOf(answer);
    // Items without a document only carry the read time.
    if (!items.every(({ document, readTime }) => document || readTime)) throw new Error('readTime');
    return items
      .filter(({ document }) => document)
      .map(({ document }) => {
        const [collection] = String(fieldsOf(document)['name']).split('/').slice(-2);
        if (collection !== collectionId) throw new Error(collection);
        return read(document);
      });
  });
}
