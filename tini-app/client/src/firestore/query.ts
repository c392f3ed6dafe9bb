import { type Connection } from '../connection';
import { encode } from './encode';
import { quoteFieldPath } from './names';
import { type FirestoreValue } from './types';

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
  /** All must hold. */
  readonly where?: readonly Condition[];
  readonly orderBy?: readonly (readonly [field: string, direction?: 'asc' | 'desc'])[];
  /** Values of the `orderBy` fields after which the answer begins. */
  readonly startAfter?: readonly FirestoreValue[];
  readonly limit?: number;
}

/** Firestore's `structuredQuery`. What is undefined is not in the JSON. */
export function structuredQuery(
  connection: Connection,
  collectionId: string | undefined,
  { where = [], orderBy = [], startAfter, limit }: Query,
): object {
  const fieldOf = (path: string) => ({ fieldPath: quoteFieldPath(path) });
  const filters = where.map(([path, operator, value]) => {
    const field = fieldOf(path);
    const op = OPERATORS[operator];
    // Equality with null and NaN has operators of its own.
    const word = value === null ? 'NULL' : Number.isNaN(value) && 'NAN';
    return word && op.endsWith('EQUAL') && !op.includes('OR')
      ? { unaryFilter: { field, op: op.replace('EQUAL', word).replace(/^/, 'IS_') } }
      : { fieldFilter: { field, op, value: encode(connection, value) } };
  });
  return {
    from: [{ collectionId }],
    where: filters.length ? { compositeFilter: { op: 'AND', filters } } : undefined,
    orderBy: orderBy.map(([path, direction]) => ({
      field: fieldOf(path),
      direction: direction === 'desc' ? 'DESCENDING' : 'ASCENDING',
    })),
    startAt: startAfter && { values: startAfter.map((value) => encode(connection, value)) },
    limit,
  };
}
