const CLIENT = 'index.ts';
const FIRESTORE = 'firestore/index.ts';

/**
 * Bytes, minified: for ES2017. ES2015 has no async functions and needs about a tenth more.
 *
 * Some of the sources are as they are for the sake of this. Times are `const enum`s, because
 * esbuild puts their values in place. Codes from which the same follows are told by how they begin,
 * or by their row in the table of messages, where each word stands once.
 */
const LIMIT = 8192;
const LIMIT_ES2015 = 10240;

/**
 * Properties that nobody but these files sees, and what they are called there. Given and not left
 * to esbuild, because the client lends some of them to its Firestore part.
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

/** What the package consists of: see main and module in both package.json. */
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
