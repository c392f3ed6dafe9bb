// The public API of 'tiki-firebase-client/aggregate'.
import { call, listOf } from '../firestore/call';
import { decodeValue } from '../firestore/decode';
import { fieldReference } from '../firestore/filter';
import { type Firestore } from '../firestore/firestore';
import { type CollectionGroup, type Query, runQueryCall } from '../firestore/query';
import { type FirestoreValue, type Int64 } from '../firestore/values';
import { type Fields, fieldsOf } from '../runtime/answer';

/**
 * What is computed from a query's documents in Firestore, which does not send them.
 *
 * @param type Of the result, by its name in Firestore's format.
 */
function aggregate(
  { source: { connection } }: Firestore,
  aggregation: () => object,
  collection: string | CollectionGroup,
  query: Query | undefined,
  type: RegExp,
): Promise<FirestoreValue> {
  return call(
    connection,
    () => {
      const [path, body] = runQueryCall(connection, collection, query);
      const { structuredQuery } = body as { readonly structuredQuery: Fields };
      const { orderBy, startAt, endAt } = structuredQuery;
      // A query is also ordered by the name, which Firestore refuses for sums. Cursors may need it.
      const given = startAt || endAt ? undefined : ((query && query.orderBy) || []).length;
      const ordered = { orderBy: (orderBy as readonly unknown[]).slice(0, given) };
      const aggregations = [Object.assign({ alias: 'result' }, aggregation())];
      return [
        path.replace(/runQuery$/, 'runAggregationQuery'),
        {
          structuredAggregationQuery: {
            structuredQuery: Object.assign({}, structuredQuery, ordered),
            aggregations,
          },
        },
      ];
    },
    (answer) => {
      const [{ result } = {}] = listOf(answer);
      const wire = fieldsOf(fieldsOf(result)['aggregateFields'])['result'];
      if (!Object.keys(fieldsOf(wire)).some((name) => type.test(name))) throw new Error('result');
      return decodeValue(connection, wire);
    },
  );
}

/** How many documents the query finds. */
export async function count(
  store: Firestore,
  collection: string | CollectionGroup,
  query?: Query,
): Promise<number> {
  const aggregation = () => ({ count: {} });
  // A number, as checked.
  return (await aggregate(store, aggregation, collection, query, /^integerValue$/)) as number;
}

/** The sum of the numbers in a field; an `Int64` if it is an integer beyond 2^53. */
export async function sum(
  store: Firestore,
  collection: string | CollectionGroup,
  field: string,
  query?: Query,
): Promise<number | Int64> {
  const aggregation = () => ({ sum: { field: fieldReference(field) } });
  const type = /^(integer|double)Value$/;
  // A number of either type, as checked.
  return (await aggregate(store, aggregation, collection, query, type)) as number | Int64;
}

/** The average of the numbers in a field; null if there are none. */
export async function average(
  store: Firestore,
  collection: string | CollectionGroup,
  field: string,
  query?: Query,
): Promise<number | null> {
  const aggregation = () => ({ avg: { field: fieldReference(field) } });
  const type = /^(double|null)Value$/;
  // A double or null, as checked.
  return (await aggregate(store, aggregation, collection, query, type)) as number | null;
}
