import { type Connection } from '../connection';
import { type Fields } from '../runtime/answer';
import { type Call, listOf } from './call';
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

/** The documents in Firestore's format. Items without a document only carry the read time. */
export function readQuery(answer: Fields): readonly unknown[] {
  const items = listOf(answer);
  if (!items.every(({ document, readTime }) => document || readTime)) throw new Error('readTime');
  return items.map(({ document }) => document).filter(Boolean);
}
