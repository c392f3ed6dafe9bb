import { type Connection } from '../connection';
import { encode } from './encode';
import { quoteFieldPath } from './names';
import { fullOrder, type Order, cursorValues } from './order';
import { refuse } from './refuse';
import { type FirestoreValue, type Snapshot } from './types';

const OPERATORS = {
  '==': 'EQUAL',
  '!=': 'NOT_EQUAL',
  '<': 'LESS_THAN',
  '<=': 'LESS_THAN_OR_EQUAL',
  '>': 'GREATER_THAN',
  '>=': 'GREATER_THAN_OR_EQUAL',
  in: 'IN',
  'not-in': 'NOT_IN',
  'array-contains': 'ARRAY_CONTAINS',
  'array-contains-any': 'ARRAY_CONTAINS_ANY',
} as const;

export type Condition = readonly [
  field: string,
  operator: keyof typeof OPERATORS,
  value: FirestoreValue,
];

export interface Query {
  /** Combined with AND. */
  readonly where?: readonly Condition[];
  readonly orderBy?: readonly Order[];
  /**
   * The last document of the previous page, exactly as it was read; or values of the `orderBy`
   * fields, to start after all documents with those values.
   */
  readonly startAfter?: Snapshot | readonly FirestoreValue[];
  readonly limit?: number;
}

/** Firestore's `structuredQuery`. Undefined properties are omitted from the JSON. */
export function structuredQuery(
  connection: Connection,
  collectionId: string | undefined,
  { where = [], orderBy = [], startAfter, limit }: Query,
): object {
  const fieldOf = (path: string) => ({ fieldPath: quoteFieldPath(path) });
  const filters = where.map(([path, operator, value]) => {
    const field = fieldOf(path);
    // Callers in JavaScript may pass any string.
    const op =
      (OPERATORS as Readonly<Record<string, string>>)[operator] || refuse(connection, operator);
    // Equality with null and NaN has its own operators.
    const suffix = value === null ? 'NULL' : Number.isNaN(value) && 'NAN';
    return suffix && /^(NOT_)?EQUAL$/.test(op)
      ? { unaryFilter: { field, op: `IS_${op.replace('EQUAL', suffix)}` } }
      : { fieldFilter: { field, op, value: encode(connection, value) } };
  });
  const orders = fullOrder(where, orderBy);
  return {
    from: [{ collectionId }],
    where: filters.length ? { compositeFilter: { op: 'AND', filters } } : undefined,
    orderBy: orders.map(([path, direction]) => ({
      field: fieldOf(path),
      direction: direction === 'desc' ? 'DESCENDING' : 'ASCENDING',
    })),
    startAt: startAfter && {
      values: cursorValues(connection, orders, startAfter).map((value) =>
        encode(connection, value),
      ),
    },
    limit,
  };
}
