import type { Fields } from '../world';

/** The result of a condition; the engines' messages distinguish false from an error. */
export type Outcome = 'true' | 'false' | 'error';

export type Operation = 'get' | 'list' | 'create' | 'update' | 'delete';

/** A document to request (for `list` a collection), and a `match` that may cover it. */
export interface Question {
  readonly rules: string;
  readonly path: string;
  readonly operation: Operation;
  /** The document before the request, and after a write. */
  readonly stored?: Fields;
  readonly incoming?: Fields;
  /** The `==` filters of a list. */
  readonly where?: Fields;
}

/** The requesting user, with values of every type that a token can have. */
export const AUTH = {
  uid: 'tiki:1',
  token: {
    provider: 'tiki',
    i: 5,
    zero: 0,
    neg: -3,
    f: 1.5,
    whole: 2,
    s: 'abc',
    empty: '',
    b: true,
    no: false,
    n: null,
    l: [1, 'a', 2.5, 'b'],
    strings: ['a', 'b', 'c'],
    m: { a: 1, b: { c: 'x' } },
  },
} as const;

/** Documents that `get()` and `exists()` find. */
export const DOCUMENTS: Readonly<Record<string, Fields>> = {
  'data/d1': { i: 7, f: 0.5, s: 'hi', b: false, n: null, t: new Date('2024-01-02T03:04:05.678Z') },
};

/** Functions for the conditions. They see `request`, but no names of their callers. */
export const FUNCTIONS = `
function sum(a, b) { let c = a + b; return c; }
function first(a, b) { return a; }
function isTiki() { return request.auth.token.provider == 'tiki'; }
function lazy(a) { let b = a.nope; return true || b; }
function nested(a) { return first(sum(a, 1), a) == a + 1; }
function chain(a) { let b = a + 1; let c = b + 1; return c; }
`;

/** One rules file for all questions, so that the engine loads rules once. */
export const rulesFor = (questions: readonly Question[]): string =>
  `rules_version = '2';
service cloud.firestore {
match /databases/{database}/documents {
${FUNCTIONS}
${[...new Set(questions.map(({ rules }) => rules))].join('\n')}
}
}
`;

/** A question that only tests a condition, in its own collection. */
export const conditionQuestion = (name: string, condition: string, stored?: Fields): Question => ({
  rules: `match /${name}/{x} { allow get: if ${condition}; }`,
  path: `${name}/d`,
  operation: 'get',
  ...(stored ? { stored } : {}),
});
