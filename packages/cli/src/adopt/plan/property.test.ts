import fc from 'fast-check';
import { runs } from '@tiki-bridge/testing/deep';
import { FEATURES } from '../wanted/choices';
import { type Files, installed, planned, removed } from '../fakes';
import { RECORD_FILE } from '../project/project';

/** One of these, or nothing. */
const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const comment = fc.constantFrom('', '// A comment.\n', '/* Hai\n   dòng. */', '\n\n');

/** JSON as people write it: with comments, blanks and several values on a line. */
const written = (value: unknown): fc.Arbitrary<string> => {
  if (typeof value !== 'object' || value === null) return fc.constant(JSON.stringify(value));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Object.entries(value).map(([name, member]) =>
    fc
      .tuple(comment, written(member), fc.constantFrom('', ' ', '\n  ', '\n\t'), comment)
      .map(([before, text, blank, after]) => {
        const key = Array.isArray(value) ? '' : `${JSON.stringify(name)}:${blank}`;
        return `${blank}${before}${blank}${key}${text}${after}`;
      }),
  );
  return fc
    .tuple(fc.tuple(...members), comment, fc.constantFrom('', '\n'))
    .map(([texts, last, end]) => `${open}${texts.join(',')}${last}${end}${close}`);
};

const rewrite = fc.record({
  source: fc.constantFrom('/api/**', '/hello', '/a/:b', '**', '/**', '/*'),
  destination: fc.constant('/index.html'),
});
const site = fc.record(
  { public: fc.constant('public'), rewrites: fc.array(rewrite, { maxLength: 4 }) },
  { requiredKeys: [] },
);
const codebase = fc.record(
  { source: fc.constantFrom('functions', 'api'), runtime: fc.constant('nodejs24') },
  { requiredKeys: ['source'] },
);
const firebaseJson = fc.record(
  {
    functions: fc.oneof(codebase, fc.array(codebase, { minLength: 1, maxLength: 2 })),
    hosting: fc.oneof(site, fc.tuple(site)),
    firestore: fc.constant({ rules: 'firestore.rules', indexes: 'firestore.indexes.json' }),
    storage: fc.constant({ rules: 'storage.rules' }),
    database: fc.constant({ rules: 'database.rules.json' }),
    emulators: fc.constantFrom({}, { auth: { port: 1 } }, { ui: { enabled: false } }),
  },
  { requiredKeys: [] },
);

const rules = (service: string, root: string) =>
  fc
    .tuple(fc.constantFrom('isOwner', 'isPremium', 'isAdmin'), comment, fc.constantFrom('\n', ' '))
    .map(
      ([name, text, gap]) =>
        `rules_version = '2';${gap}service ${service} {${gap}match ${root} {${gap}` +
        `function ${name}() { return false; }${gap}match /posts/{id} { allow read; }${gap}${text}}${gap}}`,
    );

const project: fc.Arbitrary<Files> = fc
  .record({
    'firebase.json': firebaseJson.chain(written),
    'firestore.rules': rules('cloud.firestore', '/databases/{db}/documents'),
    'storage.rules': rules('firebase.storage', '/b/{bucket}/o'),
    'database.rules.json': maybe({ rules: {} }, { rules: { posts: { '.read': true } } }).chain(
      (value) => (value ? written(value) : fc.constant('{"rules":{".read":false}}')),
    ),
    'firestore.indexes.json': fc
      .constantFrom({}, { indexes: [] }, { indexes: [], fieldOverrides: [{ fieldPath: 'a' }] })
      .chain(written),
    eol: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ eol, ...files }) =>
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, text.replace(/\n/g, eol)]),
    ),
  );

const features = fc.subarray([...FEATURES]);
const wordsOf = (text = ''): readonly string[] =>
  text.match(/\/\/[^\r\n]*|\/\*[^]*?\*\/|"[^"]*"|\d+|true|false/g) ?? [];

it('comes and goes without a trace, and comes once, in any project', () => {
  fc.assert(
    fc.property(project, features, features, (before, some, others) => {
      const first = installed(before, { features: some });

      expect(planned(first).edits).toEqual([]);
      expect(removed(first)).toEqual(before);
      // As if the other features had been chosen from the start, and gone as well.
      const second = installed(first, { features: others });
      expect(removed(second)).toEqual(before);
      // Where a copy cannot be put back, since somebody has changed the files, each piece goes by itself.
      const changed = (first[RECORD_FILE] ?? '').replace(/[\da-f]{64}/g, 'changed');
      const piecewise = removed({ ...first, [RECORD_FILE]: changed });
      for (const [name, text] of Object.entries(before)) {
        expect(wordsOf(piecewise[name])).toEqual(wordsOf(text));
      }
      // Ours are one after another, in the order in which they were chosen.
      const wordsIn = (files: Files) => wordsOf(files['firebase.json']).toSorted();
      expect(wordsIn(second)).toEqual(wordsIn(installed(before, { features: others })));
    }),
    { numRuns: runs(25, 1_000) },
  );
});

it('keeps every word and comment of firebase.json, in their order', () => {
  fc.assert(
    fc.property(project, (before) => {
      const after = wordsOf(installed(before)['firebase.json']);
      let at = 0;
      for (const word of wordsOf(before['firebase.json'])) {
        at = after.indexOf(word, at) + 1;
        expect([word, at]).not.toEqual([word, 0]);
      }
    }),
    { numRuns: runs(25, 1_000) },
  );
});
