import type { Operation, Outcome, Question } from './subject';

type Row = readonly [Operation, string, Outcome];

/** The content of `request` and `resource` by operation, with the official engine's results. */
export const OPERATIONS: readonly Row[] = [
  ['get', 'resource.data.a == 1', 'true'],
  ['get', "resource.id == 'd'", 'true'],
  ['get', 'request.resource == null', 'error'],
  ['create', 'resource == null', 'true'],
  ['create', 'resource.data.a == 1', 'error'],
  ['create', 'request.resource.data.a == 2', 'true'],
  ['create', "request.resource.id == 'd'", 'true'],
  ['create', "request.method == 'create'", 'true'],
  ['create', 'request.resource.__name__ is path', 'true'],
  ['create', "request.resource.data.keys() == ['a', 'b']", 'true'],
  ['create', 'request.resource.data.b is float', 'true'],
  ['update', 'resource.data.a == 1 && request.resource.data.a == 2', 'true'],
  ['update', "request.method == 'update'", 'true'],
  ['update', 'request.resource == null', 'false'],
  [
    'update',
    "request.resource.data.diff(resource.data).affectedKeys().hasOnly(['a', 'b'])",
    'true',
  ],
  ['update', "request.resource.data.diff(resource.data).affectedKeys().hasOnly(['a'])", 'false'],
  ['update', "request.resource.data.diff(resource.data).addedKeys().hasAll(['b'])", 'true'],
  ['delete', 'request.resource == null', 'true'],
  ['delete', 'request.resource.data.a == 1', 'error'],
  ['delete', 'resource.data.a == 1', 'true'],
  ['delete', "request.method == 'delete'", 'true'],
  ['list', "x == 'd'", 'error'],
  ['list', 'x == null', 'error'],
  ['list', "x == 'd' || true", 'true'],
  ['list', 'resource == null', 'false'],
  ['list', 'resource.data.a == 1', 'true'],
  ['list', 'resource.data.a != 2', 'true'],
  ['list', "resource.data.other == 'x'", 'error'],
  ['list', "resource.id == 'd'", 'error'],
  ['list', "'a' in resource.data", 'true'],
  ['list', "request.method == 'list'", 'true'],
  ['list', 'request.resource == null', 'error'],
  ['list', 'exists(/databases/$(database)/documents/data/$(x))', 'error'],
  ['list', 'get(/databases/$(database)/documents/data/d1).data.i == 7', 'true'],
];

export const operationQuestions: readonly Question[] = OPERATIONS.map(
  ([operation, condition], i) => ({
    rules: `match /op${i}/{x} { allow ${operation}: if ${condition}; }`,
    path: operation === 'list' ? `op${i}` : `op${i}/d`,
    operation,
    ...(operation === 'create' || operation === 'list' ? {} : { stored: { a: 1 } }),
    ...(operation === 'create' || operation === 'update' ? { incoming: { a: 2, b: 0.5 } } : {}),
    ...(operation === 'list' ? { where: { a: 1 } } : {}),
  }),
);
