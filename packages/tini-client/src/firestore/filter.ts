import { type Connection } from '../connection';
import { encode } from './encode';
import { quoteFieldPath } from './names';
import { refuse } from './refuse';
import { type FirestoreValue } from './values';

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

/** What `or()` and `and()` return. */
export interface CompositeFilter {
  readonly op: 'OR' | 'AND';
  readonly filters: readonly Filter[];
}

export type Filter = Condition | CompositeFilter;

export const or = (...filters: readonly Filter[]): CompositeFilter => ({ op: 'OR', filters });
export const and = (...filters: readonly Filter[]): CompositeFilter => ({ op: 'AND', filters });

const isComposite = (filter: Filter): filter is CompositeFilter => 'filters' in filter;

/** All conditions, at any depth. */
export function conditionsIn(filters: readonly Filter[]): readonly Condition[] {
  return filters.reduce<readonly Condition[]>(
    (found, filter) =>
      found.concat(isComposite(filter) ? conditionsIn(filter.filters) : ([filter] as const)),
    [],
  );
}

export const fieldReference = (path: string) => ({ fieldPath: quoteFieldPath(path) });

/** Firestore's `Filter`. */
export function encodeFilter(connection: Connection, filter: Filter): object {
  if (isComposite(filter)) {
    const filters = filter.filters.map((inner) => encodeFilter(connection, inner));
    return { compositeFilter: { op: filter.op, filters } };
  }
  const [path, operator, value] = filter;
  const field = fieldReference(path);
  // Callers in JavaScript may pass any string.
  const op =
    (OPERATORS as Readonly<Record<string, string>>)[operator] || refuse(connection, operator);
  // Equality with null and NaN has its own operators.
  const suffix = value === null ? 'NULL' : Number.isNaN(value) && 'NAN';
  return suffix && /^(NOT_)?EQUAL$/.test(op)
    ? { unaryFilter: { field, op: `IS_${op.replace('EQUAL', suffix)}` } }
    : { fieldFilter: { field, op, value: encode(connection, value, path) } };
}
