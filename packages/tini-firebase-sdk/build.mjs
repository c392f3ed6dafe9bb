// node build.mjs [--out <folder>]
// Builds the official Firebase SDK into single files for the Tini runtime and prints their sizes.
// Fails if one exceeds its limit, or if the installed SDK is not the tested version.
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The shims rely on internals of exactly these versions; update them together with the tests. */
const PINNED = {
  firebase: '12.19.0',
  '@firebase/app': '0.16.2',
  '@firebase/auth': '1.13.6',
  '@firebase/firestore': '4.17.2',
};

const OUTPUTS = [
  { entry: 'auth.ts', file: 'firebase-auth.js', maxKilobytes: 95 },
  { entry: 'firestore.ts', file: 'firebase-auth-firestore.js', maxKilobytes: 205 },
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
    throw new Error(`${name} is ${version}; this build was only tested with ${wanted}`);
  }
}

// Globals of browsers and Node by which the SDK detects its environment.
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
    // The SDK's worker build contains no pop-ups, DOM or reCAPTCHA.
    conditions: ['webworker', 'browser'],
    // webpack 4, which Tini Studio uses, cannot parse newer syntax.
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
