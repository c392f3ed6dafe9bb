// node build.mjs [--out <folder>]
// Builds the official Firebase SDK into single files for the Tini runtime, prints their sizes and
// fails where one is larger than promised or the installed SDK is not the one that was tried.
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The shims fit what exactly these versions do; raise them together with the tests. */
const PINNED = {
  firebase: '12.19.0',
  '@firebase/app': '0.16.2',
  '@firebase/auth': '1.13.6',
  '@firebase/firestore': '4.17.2',
};

const OUTPUTS = [
  { entry: 'auth.ts', file: 'firebase-auth.js', maxKilobytes: 95 },
  { entry: 'firestore.ts', file: 'firebase-auth-firestore.js', maxKilobytes: 200 },
];

const BANNER =
  `/*! Firebase JavaScript SDK ${PINNED.firebase}, Copyright Google LLC, Apache-2.0, ` +
  'https://github.com/firebase/firebase-js-sdk; built for the Tini App runtime. */';

const folder = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? path.join(folder, 'dist');
const require = createRequire(import.meta.url);

for (const [name, wanted] of Object.entries(PINNED)) {
  const { version } = require(`${name}/package.json`);
  if (version !== wanted) {
    throw new Error(`${name} is ${version}; this build was tried with ${wanted} only`);
  }
}

// The names of a browser or of Node by which the SDK would find out where it is.
const ABSENT = ['window', 'document', 'navigator', 'process', 'indexedDB', 'global', 'globalThis'];

rmSync(out, { recursive: true, force: true });
for (const { entry, file, maxKilobytes } of OUTPUTS) {
  const outfile = path.join(out, file);
  await build({
    entryPoints: [path.join(folder, 'src', entry)],
    outfile,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    // The SDK's worker build has no pop-ups, no DOM and no reCAPTCHA in it.
    conditions: ['webworker', 'browser'],
    // webpack 4, the compiler behind Tini Studio, does not parse what is newer.
    target: 'es2017',
    inject: [path.join(folder, 'src', 'shims.ts')],
    define: Object.fromEntries(ABSENT.map((name) => [name, 'undefined'])),
    legalComments: 'none',
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  const bytes = readFileSync(outfile);
  const fits = bytes.length <= maxKilobytes * 1000;
  console.log(
    `${file}: ${bytes.length} bytes minified (limit ${maxKilobytes} KB), ` +
      `${gzipSync(bytes).length} gzip${fits ? '' : ' - TOO LARGE'}`,
  );
  if (!fits) process.exitCode = 1;
}
