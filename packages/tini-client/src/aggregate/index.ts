// The public API of 'tiki-firebase-client/aggregate'.
import { call, listOf } from '../firestore/call';
import { decodeValue } from '../firestore/decode';
import { fieldReference } from '../firestore/filter';
import { type Firestore } from '../firestore/firestore';
import { type CollectionGroup, type Query, runQueryCall } from '../firestore/query';
import { type FirestoreValue, type Int64 } from '../firestore/values';
import { type Fields, fieldsOf } from '../runtime/answer';

/** What is computed from a query's documents in Firestore, which does not send them. */
function aggregate(
  { source: { connection } }: Firestore,
  aggregation: () => object,
  collection: string | CollectionGroup,
  query: Query | undefined,
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
      return decodeValue(connection, fieldsOf(fieldsOf(result)['aggregateFields'])['result']);
    },
  );
}

/** How many documents the query finds. */
export async function count(
  store: Firestore,
  collection: string | CollectionGroup,
  query?: Query,
): Promise<number> {
  // Firestore answers with an integer.
  return (await aggregate(store, () => ({ count: {} }), collection, query)) as number;
}

/** The sum of the numbers in a field; an `Int64` if it is an integer beyond 2^53. */
export async function sum(
  store: Firestore,
  collection: string | CollectionGroup,
  field: string,
  query?: Query,
): Promise<number | Int64> {
  const aggregation = () => ({ sum: { field: fieldReference(field) } });
  // A number of either type.
  return (await aggregate(store, aggregation, collection, query)) as number | Int64;
}

/** The average of the numbers in a field; null if there are none. */
export async function average(
  store: Firestore,
  collection: string | CollectionGroup,
  field: string,
  query?: Query,
): Promise<number | null> {
  const aggregation = () => ({ avg: { field: fieldReference(field) } });
  // A double or null.
  return (await aggregate(store, aggregation, collection, query)) as number | null;
}
