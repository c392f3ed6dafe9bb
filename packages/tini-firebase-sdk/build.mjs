// node build.mjs [--out <folder>] [--no-types]
// Builds the official Firebase SDK into single files for the Tini runtime and prints their sizes. The
// types that it exports are copied into the package, which then needs no other when installed. Fails if one exceeds its limit, or if the installed SDK is not the tested version.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The package's entries: see "exports" in package.json. */
const ENTRIES = [
  { source: 'src/auth.ts', name: 'firebase-auth', maxKilobytes: 95 },
  { source: 'src/firestore.ts', name: 'firebase-auth-firestore', maxKilobytes: 205 },
];
const FORMATS = ['esm', 'cjs'];

const BANNER =
  `/*! Firebase JavaScript SDK ${PINNED.firebase}, Copyright Google LLC, Apache-2.0, ` +
  'https://github.com/firebase/firebase-js-sdk; built for the Tini App runtime. */';

const root = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'no-types': { type: 'boolean' } },
});
const out = values.out ?? path.join(root, 'dist');
const require = createRequire(import.meta.url);

for (const [name, wanted] of Object.entries(PINNED)) {
  const { version } = require(`${name}/package.json`);
  if (version !== wanted) {
    throw new Error(`${name} is ${version}; this build was only tested with ${wanted}`);
  }
}

// Globals of browsers and Node by which the SDK detects its environment.
const ABSENT = ['window', 'document', 'navigator', 'process', 'indexedDB', 'global', 'globalThis'];

async function bundle({ source, name, maxKilobytes }, format) {
  const file = `${format}/${name}.js`;
  await build({
    entryPoints: [path.join(root, source)],
    outfile: path.join(out, file),
    bundle: true,
    minify: true,
    charset: 'utf8',
    format,
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    // The SDK's worker build contains no pop-ups, DOM or reCAPTCHA.
    conditions: ['webworker', 'browser'],
    // webpack 4, which Tini Studio uses, cannot parse newer syntax.
    target: 'es2017',
    inject: [path.join(root, 'src', 'shims.ts')],
    define: Object.fromEntries(ABSENT.map((global) => [global, 'undefined'])),
    legalComments: 'none',
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  const bytes = readFileSync(path.join(out, file));
  const fits = bytes.length <= maxKilobytes * 1000;
  console.log(
    `${file}: ${bytes.length} bytes minified (limit ${maxKilobytes} KB), ` +
      `${gzipSync(bytes).length} gzip${fits ? '' : ' - TOO LARGE'}`,
  );
  if (!fits) process.exitCode = 1;
}

/**
 * The part of TypeScript 6's own declaration that Google's types refer to: older compilers have none,
 * and neither have phones.
 */
const TEMPORAL = 'declare namespace Temporal { interface Instant { epochNanoseconds: bigint } }';

/** Our own types and Google's, without those that no entry needs. */
async function bundleTypes() {
  const { rollup } = await import('rollup');
  const { dts } = await import('rollup-plugin-dts');
  const types = await rollup({
    input: Object.fromEntries(ENTRIES.map(({ source, name }) => [name, path.join(root, source)])),
    plugins: [dts({ tsconfig: path.join(root, 'tsconfig.json'), respectExternal: true })],
    // Such as a public type that refers to one that no entry exports.
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  for (const format of FORMATS) {
    const dir = path.join(out, format);
    await types.write({ dir, banner: BANNER, intro: TEMPORAL, chunkFileNames: 'shared.d.ts' });
  }
}

rmSync(out, { recursive: true, force: true });
for (const entry of ENTRIES) {
  for (const format of FORMATS) await bundle(entry, format);
}
const esm = { type: 'module', sideEffects: false };
writeFileSync(path.join(out, 'esm', 'package.json'), JSON.stringify(esm));
if (!values['no-types']) await bundleTypes();
