const CLIENT = 'index.ts';
const FIRESTORE = 'firestore/index.ts';
const STORAGE = 'storage/index.ts';
const FUNCTIONS = 'functions/index.ts';

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

/** The package's files: see main and module in both package.json. */
export const OUTPUTS = [
  { entry: CLIENT, file: 'tiki-firebase.esm.js', format: 'esm', target: 'es2017' },
  { entry: CLIENT, file: 'tiki-firebase.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: CLIENT, file: 'tiki-firebase.es2015.js', format: 'cjs', target: 'es2015' },
  { entry: FIRESTORE, file: 'firestore.esm.js', format: 'esm', target: 'es2017' },
  { entry: FIRESTORE, file: 'firestore.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: FIRESTORE, file: 'firestore.es2015.js', format: 'cjs', target: 'es2015' },
  { entry: STORAGE, file: 'storage.esm.js', format: 'esm', target: 'es2017' },
  { entry: STORAGE, file: 'storage.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: STORAGE, file: 'storage.es2015.js', format: 'cjs', target: 'es2015' },
  { entry: FUNCTIONS, file: 'functions.esm.js', format: 'esm', target: 'es2017' },
  { entry: FUNCTIONS, file: 'functions.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: FUNCTIONS, file: 'functions.es2015.js', format: 'cjs', target: 'es2015' },
];
