/**
 * The size limits of each file, in bytes.
 *
 * Some of the sources are written for size. Times are `const enum`s, because esbuild inlines them.
 * Groups of error codes are recognized by a prefix or by their row in the message table, so that
 * each code appears only once.
 */
export const LIMITS = { minified: 12_288, gzip: 5_000 };

/**
 * Internal properties and their mangled names. Fixed rather than chosen by esbuild, because the
 * client shares some of them with the separately bundled Firestore part.
 */
export const INTERNAL_NAMES = Object.fromEntries(
  [
    'authorised',
    'dataOf',
    'failWith',
    'given',
    'listen',
    'load',
    'methods',
    'notify',
    'ok',
    'save',
    'send',
    'session',
    'withRetry',
  ].map((name, index) => [name, String.fromCharCode(97 + index)]),
);

/** The package's entries: the name of the file and its source. */
const ENTRIES = {
  'tiki-firebase': 'index.ts',
  firestore: 'firestore/index.ts',
  transaction: 'transaction/index.ts',
  aggregate: 'aggregate/index.ts',
  converter: 'converter/index.ts',
  listen: 'listen/index.ts',
};

/** The package's files: see main and module in each package.json. */
export const OUTPUTS = Object.entries(ENTRIES).flatMap(([name, entry]) => [
  { entry, file: `${name}.esm.js`, format: 'esm', target: 'es2017' },
  { entry, file: `${name}.cjs.js`, format: 'cjs', target: 'es2017' },
  { entry, file: `${name}.es2015.js`, format: 'cjs', target: 'es2015' },
]);
