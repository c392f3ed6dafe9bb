const CLIENT = 'index.ts';
const FIRESTORE = 'firestore/index.ts';

/**
 * Size limits in bytes, minified. ES2015 has no async functions and needs about a tenth more.
 *
 * Some of the sources are written for size. Times are `const enum`s, because esbuild inlines them.
 * Groups of error codes are recognized by a prefix or by their row in the message table, so that
 * each code appears only once.
 */
const LIMIT = 8192;
const LIMIT_ES2015 = 10240;

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

/** The package's files: see main and module in both package.json. */
export const OUTPUTS = [
  { entry: CLIENT, file: 'tiki-firebase.esm.js', format: 'esm', target: 'es2017', limit: LIMIT },
  { entry: CLIENT, file: 'tiki-firebase.cjs.js', format: 'cjs', target: 'es2017', limit: LIMIT },
  {
    entry: CLIENT,
    file: 'tiki-firebase.es2015.js',
    format: 'cjs',
    target: 'es2015',
    limit: LIMIT_ES2015,
  },
  { entry: FIRESTORE, file: 'firestore.esm.js', format: 'esm', target: 'es2017', limit: LIMIT },
  { entry: FIRESTORE, file: 'firestore.cjs.js', format: 'cjs', target: 'es2017', limit: LIMIT },
  { entry: FIRESTORE, file: 'firestore.es2015.js', format: 'cjs', target: 'es2015', limit: LIMIT },
];
