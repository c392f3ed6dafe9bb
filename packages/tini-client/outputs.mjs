/** The size limits of each file, in bytes. `npm run size` fails above them, and so do npm test and CI. */
export const LIMITS = { minified: 12_288, gzip: 5_000 };

/**
 * The package's entries: the name of the file and its source. What several of them use is in files
 * that they import, so that an app loads it once.
 *
 * A new entry also needs its place in "exports" of package.json, and a folder with a package.json
 * for tools that ignore "exports": webpack 4, TypeScript with `moduleResolution: node`.
 */
export const ENTRIES = {
  'tiki-firebase': 'src/index.ts',
  firestore: 'src/firestore/index.ts',
  transaction: 'src/transaction/index.ts',
  aggregate: 'src/aggregate/index.ts',
  converter: 'src/converter/index.ts',
  listen: 'src/listen/index.ts',
  storage: 'src/storage/index.ts',
  functions: 'src/functions/index.ts',
  'hand-over': 'src/hand-over/index.ts',
  payments: 'src/payments/index.ts',
};

/** What several entries use, by the file that it is in. These files are no entries for apps. */
export const SHARED = {
  runtime:
    /\/src\/(runtime\/.*|auth\/(app-check|id-token)|auto-id|base64|errors|merge|messages|mistyped|tag-of)\.ts$/,
  documents: /\/src\/firestore\/(?!(batch|firestore|index)\.ts).*$/,
};

/** The folders of dist/. */
export const FORMATS = [
  { folder: 'esm', format: 'esm', target: 'es2017' },
  { folder: 'cjs', format: 'cjs', target: 'es2017' },
  // For phones with an older engine, by path: tiki-firebase-client/dist/es2015/tiki-firebase.js.
  { folder: 'es2015', format: 'cjs', target: 'es2015' },
];
