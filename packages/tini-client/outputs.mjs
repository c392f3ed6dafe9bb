const CLIENT = 'index.ts';
const FIRESTORE = 'firestore/index.ts';

/**
 * What the others have in common: a file of its own, which they import. It is no entry for apps.
 */
const RUNTIME = 'runtime/shared.ts';

/** The size limits of each file, in bytes. */
export const LIMITS = { minified: 12_288, gzip: 5_000 };

/** The sources that are in the common file only. */
export const IN_RUNTIME = /\/src\/(runtime\/[\w-]+|errors|messages|merge|base64)\.ts$/;

/** The package's files: see main and module in both package.json. */
export const OUTPUTS = [
  { entry: CLIENT, file: 'tiki-firebase.esm.js', format: 'esm', target: 'es2017' },
  { entry: CLIENT, file: 'tiki-firebase.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: CLIENT, file: 'tiki-firebase.es2015.js', format: 'cjs', target: 'es2015' },
  { entry: RUNTIME, file: 'runtime.esm.js', format: 'esm', target: 'es2017' },
  { entry: RUNTIME, file: 'runtime.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: RUNTIME, file: 'runtime.es2015.js', format: 'cjs', target: 'es2015' },
  { entry: FIRESTORE, file: 'firestore.esm.js', format: 'esm', target: 'es2017' },
  { entry: FIRESTORE, file: 'firestore.cjs.js', format: 'cjs', target: 'es2017' },
  { entry: FIRESTORE, file: 'firestore.es2015.js', format: 'cjs', target: 'es2015' },
];
