import { type Connection } from '../connection';
import { merge } from '../merge';
import { type Fields } from '../runtime/answer';
import { refuse } from './refuse';
import { fieldsRead } from './snapshots';
import { type Snapshot } from './types';
import { type FirestoreValue, Reference } from './values';

/** The document's name in queries. */
const NAME = '__name__';

export type Order = readonly [field: string, direction?: 'asc' | 'desc' | undefined];

/**
 * Firestore's implicit order of a query, made explicit: the requested fields, then the fields with
 * inequality conditions, then the unique document name.
 *
 * @see https://firebase.google.com/docs/firestore/query-data/multiple-range-fields
 */
export function fullOrder(
  conditions: readonly (readonly [field: string, operator: string, value: unknown])[],
  orderBy: readonly Order[],
): readonly Order[] {
  const orders = orderBy.slice();
  const last = orders[orders.length - 1];
  const compared = conditions
    .filter(([field, operator]) => field !== NAME && /[<>!]|not/.test(operator))
    .map(([field]) => field)
    .sort();
  for (const field of compared.concat(NAME)) {
    if (!orders.some(([other]) => other === field)) orders.push([field, last && last[1]]);
  }
  return orders;
}

/**
 * The cursor values of a snapshot in that order, or the given values.
 *
 * @param name Of the cursor, for the error.
 */
export function cursorValues(
  connection: Connection,
  orders: readonly Order[],
  name: string,
  cursor: Snapshot<unknown> | readonly FirestoreValue[],
): readonly unknown[] {
  if (Array.isArray(cursor)) return cursor;
  // Anything but a list is a document.
  const { path } = cursor as Snapshot<unknown>;
  const data = fieldsRead(cursor as Snapshot<unknown>) || refuse(connection, name);
  const fields = merge(data, { [NAME]: new Reference(path) });
  // A missing field is undefined, which encode rejects.
  return orders.map(([field]) =>
    field.split('.').reduce<unknown>((map, name) => (map as Fields)[name], fields),
  );
}
