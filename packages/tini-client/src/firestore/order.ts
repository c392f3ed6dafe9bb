import { type Connection } from '../connection';
import { merge } from '../merge';
import { type Fields } from '../runtime/answer';
import { refuse } from './refuse';
import { isAsRead } from './time';
import { type FirestoreValue, Reference, type Snapshot } from './types';

/** What a document's name goes by in queries. */
const NAME = '__name__';

export type Order = readonly [field: string, direction?: 'asc' | 'desc' | undefined];

/**
 * The order that Firestore gives a query anyway, spelled out: after the fields that were asked for
 * come those that are compared by more than equality, then the name, which no two documents share.
 *
 * @see https://firebase.google.com/docs/firestore/query-data/multiple-range-fields
 */
export function fullOrder(
  where: readonly (readonly [field: string, operator: string, value: unknown])[],
  orderBy: readonly Order[],
): readonly Order[] {
  const orders = orderBy.slice();
  const last = orders[orders.length - 1];
  const compared = where
    .filter(([field, operator]) => field !== NAME && /[<>!]|not/.test(operator))
    .map(([field]) => field)
    .sort();
  for (const field of compared.concat(NAME)) {
    if (!orders.some(([other]) => other === field)) orders.push([field, last && last[1]]);
  }
  return orders;
}

/** The values that stand for it in that order, or those that are given. */
export function placeIn(
  connection: Connection,
  orders: readonly Order[],
  startAfter: Snapshot | readonly FirestoreValue[],
): readonly unknown[] {
  if (Array.isArray(startAfter)) return startAfter;
  // What is no list is a document.
  const { path, data, updateTime } = startAfter as Snapshot;
  // After setData it has text where dates were, which would be another place.
  if (!isAsRead(updateTime)) refuse(connection, 'startAfter');
  const fields = merge(data, { [NAME]: new Reference(path) });
  // A field that is not there is undefined, and cannot be encoded.
  return orders.map(([field]) =>
    field.split('.').reduce<unknown>((map, name) => (map as Fields)[name], fields),
  );
}
