import fc, { type Arbitrary } from 'fast-check';
import type { Question } from './subject';

const TOKEN = 'request.auth.token';
const DATA = 'resource.data';
const LOOKED_UP = 'get(/databases/$(database)/documents/data/d1).data';

/** The stored document for generated conditions. */
export const STORED = { i: 3, f: 2.5, s: 'b', b: true, n: null, l: ['a', 1], m: { a: 2 } } as const;

const one = (...texts: string[]): Arbitrary<string> => fc.constantFrom(...texts);

/** Operands by their usual type. */
const atoms = {
  bool: one(
    'true',
    'false',
    `${TOKEN}.b`,
    `${TOKEN}.no`,
    `${DATA}.b`,
    'isTiki()',
    `${LOOKED_UP}.b`,
  ),
  number: one(
    ...['0', '1', '2', '3', '5', '7', '1.0', '2.5', '0.5', '9007199254740993'],
    ...[`${TOKEN}.i`, `${TOKEN}.zero`, `${TOKEN}.neg`, `${TOKEN}.f`, `${TOKEN}.whole`],
    ...[`${DATA}.i`, `${DATA}.f`, `${LOOKED_UP}.i`, `${LOOKED_UP}.f`, 'chain(1)', 'int(2.7)'],
  ),
  string: one(
    ...["'a'", "'b'", "'abc'", "''", "'tiki'", "'Hà Nội'", '"it\'s"'],
    ...[`${TOKEN}.s`, `${TOKEN}.empty`, `${TOKEN}.provider`, `${DATA}.s`, `${LOOKED_UP}.s`],
    ...['request.auth.uid', 'request.method', 'database', 'x', 'string(12)'],
  ),
  list: one(
    ...['[]', '[1]', "['a']", "[1, 'a']", "['a', 'b']", "[1, 'a', 2.5, 'b']", "[[1], {'a': 1}]"],
    ...[`${TOKEN}.l`, `${TOKEN}.strings`, `${DATA}.l`, `${TOKEN}.m.keys()`],
  ),
  map: one('{}', "{'a': 1}", "{'a': 1, 'b': {'c': 'x'}}", `${TOKEN}.m`, `${DATA}.m`, DATA),
  // Errors, and values that fit no operator.
  odd: one(
    ...['null', `${TOKEN}.n`, `${TOKEN}.nope`, `${TOKEN}.m.nope`, `${TOKEN}.n.x`, `${DATA}.nope`],
    ...['request.nope', 'resource.nope', `${LOOKED_UP}.nope`, 'request.time', '/a/b', 'lazy(1)'],
    'get(/databases/$(database)/documents/data/none).data.i',
  ),
};

/** Usually an operand of the right type, sometimes of another. */
const mostly = (fitting: Arbitrary<string>): Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fitting },
    { weight: 1, arbitrary: fc.oneof(...Object.values(atoms)) },
  );

const join = (left: Arbitrary<string>, operators: readonly string[], right: Arbitrary<string>) =>
  fc.tuple(left, fc.constantFrom(...operators), right).map((parts) => parts.join(' '));

const number = mostly(
  fc.oneof(
    atoms.number,
    join(atoms.number, ['+', '-', '*', '/', '%'], atoms.number).map((sum) => `(${sum})`),
    atoms.number.map((operand) => `-(${operand})`),
    fc.oneof(atoms.string, atoms.list, atoms.map).map((sized) => `${sized}.size()`),
    fc.tuple(atoms.number, atoms.number).map(([a, b]) => `sum(${a}, ${b})`),
  ),
);
const string = mostly(fc.oneof(atoms.string, join(atoms.string, ['+'], atoms.string)));
const list = mostly(
  fc.oneof(
    atoms.list,
    atoms.list.map((other) => `${other}.concat(['z'])`),
  ),
);
const map = mostly(atoms.map);
const anything = fc.oneof(number, string, list, map, mostly(atoms.odd));

const PATTERNS = [
  'a',
  '[a-c]+',
  'a|b',
  '.*',
  'a.c',
  '(ab)?c*',
  '\\\\w{3}',
  'ti\\\\w+',
  'x',
] as const;

/** A comparison, test or call that usually gives a bool. */
const simple = mostly(
  fc.oneof(
    join(number, ['<', '<=', '>', '>=', '==', '!='], number),
    join(string, ['<', '>', '==', '!='], string),
    join(anything, ['==', '!='], anything),
    join(anything, ['in'], list),
    join(string, ['in'], map),
    join(
      anything,
      ['is'],
      one('bool', 'int', 'float', 'number', 'string', 'list', 'map', 'timestamp'),
    ),
    fc.tuple(string, one(...PATTERNS)).map(([text, pattern]) => `(${text}).matches('${pattern}')`),
    fc
      .tuple(atoms.list, one('hasAny', 'hasAll', 'hasOnly'), list)
      .map(([self, name, argument]) => `${self}.${name}(${argument})`),
    fc
      .tuple(atoms.map, fc.oneof(atoms.string, atoms.number), anything)
      .map(([m, key, or]) => `${m}.get(${key}, ${or}) == ${or}`),
    fc.tuple(map, string).map(([m, key]) => `(${m})[${key}] == 1`),
    fc.tuple(list, number).map(([l, index]) => `(${l})[${index}] == 'a'`),
    fc
      .tuple(atoms.map, atoms.map)
      .map(([a, b]) => `${a}.diff(${b}).affectedKeys().hasOnly(['a', 'b'])`),
    atoms.string.map(
      (id) => `exists(/databases/$(database)/documents/data/$('d' + string(${id}.size())))`,
    ),
    number.map((millis) => `request.time.toMillis() > ${millis}`),
    atoms.bool,
  ),
);

/**
 * Conditions in the evaluator's subset: comparisons and calls, usually with operands of the right
 * type, combined with `&&`, `||`, `!` and `?:`, with and without parentheses.
 */
export const condition: Arbitrary<string> = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: simple },
    { weight: 2, arbitrary: join(tie('all'), ['&&', '||'], tie('all')) },
    { weight: 2, arbitrary: join(tie('all'), ['&&', '||'], tie('all')).map((both) => `(${both})`) },
    { weight: 1, arbitrary: tie('all').map((inner) => `!(${inner})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('all'), simple, simple).map(([q, a, b]) => `((${q}) ? ${a} : ${b})`),
    },
  ),
})).all;

/** Turns `['a', '{}', '{=**}']` into `['/a', '/{x1}', '/{x2=**}']`; capture names are unique. */
const named = (pattern: readonly string[]): string[] =>
  pattern.map((segment, i) => `/${segment.replace('{', `{x${i}`)}`);

/** A pattern with at most one recursive wildcard, as the language requires. */
const pattern = fc
  .tuple(
    fc.array(one('a', 'b', '{}', '{}'), { minLength: 1, maxLength: 3 }),
    fc.option(fc.nat(3), { nil: undefined }),
  )
  .map(([segments, glob]) =>
    glob === undefined ? segments : segments.toSpliced(glob, 0, '{=**}'),
  );

const word = one('a', 'b', 'c');
/** Document paths under one collection. */
const paths = fc.array(
  fc.oneof(...[1, 3, 5].map((length) => fc.array(word, { minLength: length, maxLength: length }))),
  { minLength: 3, maxLength: 3 },
);

/**
 * A `match` path under `/name`, possibly as two nested matches, with a condition on its last
 * capture, and three documents to request.
 */
export const pathQuestions = (name: string): Arbitrary<Question[]> =>
  fc
    .record({
      segments: pattern.map(named),
      nestedFrom: fc.nat(3),
      asked: one('true', 'true', "X == 'a'", "X[0] == 'b'", 'X == /a/b', "string(X) == '/a'"),
      paths,
    })
    .map(({ segments, nestedFrom, asked, paths: tried }) => {
      const last = segments.findLastIndex((segment) => segment.startsWith('/{'));
      const allow = `allow get: if ${asked.replace('X', last < 0 ? "'a'" : `x${last}`)};`;
      // Outside the subset: a match nested in one whose recursive wildcard is not its last segment.
      const glob = segments.findIndex((segment) => segment.endsWith('**}'));
      const split = glob >= 0 && nestedFrom > glob + 1 ? segments.length : nestedFrom;
      const outer = `/${name}${segments.slice(0, split).join('')}`;
      const inner = segments.slice(split).join('');
      const body = inner === '' ? allow : `match ${inner} { ${allow} }`;
      const rules = `match ${outer} { ${body} }`;
      return tried.map((path) => ({ rules, path: [name, ...path].join('/'), operation: 'get' }));
    });
