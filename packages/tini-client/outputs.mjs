/** The size limits of each file, in bytes. `npm run size` fails above them, and so do npm test and CI. */
export const LIMITS = { minified: 12_288, gzip: 5_000 };

/**
 * The package's entries: the name of the file and its source. Each becomes one file that imports
 * nothing. What an entry needs of the client is passed to it as a `Connection`, so the two need not
 * come from the same module format.
 *
 * A new entry also needs its place in "exports" of package.json, and a folder with a package.json
 * for tools that ignore "exports": webpack 4, TypeScript with `moduleResolution: node`.
 */
export const ENTRIES = {
  'tiki-firebase': 'src/index.ts',
  firestore: 'src/firestore/index.ts',
};

/** The folders of dist/. */
export const FORMATS = [
  { folder: 'esm', format: 'esm', target: 'es2017' },
  { folder: 'cjs', format: 'cjs', target: 'es2017' },
  // For phones with an older engine, by path: tiki-firebase-client/dist/es2015/tiki-firebase.js.
  { folder: 'es2015', format: 'cjs', target: 'es2015' },
];

/** Every file that a build writes, without the types. */
export const FILES = FORMATS.flatMap(({ folder }) =>
  Object.keys(ENTRIES).map((name) => `${folder}/${name}.js`),
);
