// node build.mjs [--out <folder>] [--no-types]
// Builds the worker, which is copied to the site as it is, and the modules for its pages.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ENTRIES } from './outputs.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'no-types': { type: 'boolean' } },
});
const out = values.out ?? path.join(root, 'dist');
const source = (file) => path.join(root, 'src', file);

const common = {
  outdir: out,
  bundle: true,
  minify: true,
  target: 'es2020',
  legalComments: 'none',
  logLevel: 'warning',
};

const NOTICE =
  '/*! tiki-firebase-web-session, Apache-2.0. Contains the Firebase JavaScript SDK, ' +
  'Copyright Google LLC, Apache-2.0, https://github.com/firebase/firebase-js-sdk */';

rmSync(out, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: [source('worker/session-worker.ts')],
  format: 'iife',
  // The SDK's build for workers contains no pop-ups, DOM or reCAPTCHA.
  conditions: ['webworker', 'browser', 'module', 'import'],
  // How the SDK finds `fetch`: its requests go through the gateway.
  define: { 'self.fetch': 'gatewayFetch' },
  inject: [source('worker/gateway-fetch.ts')],
  banner: { js: NOTICE },
});
await build({
  ...common,
  entryPoints: Object.entries(ENTRIES).map(([name, file]) => ({ in: source(file), out: name })),
  format: 'esm',
  splitting: true,
  chunkNames: 'shared-[hash]',
});
// The only module for pages that contains the SDK.
const push = path.join(out, 'push.js');
writeFileSync(push, `${NOTICE}\n${readFileSync(push, 'utf8')}`);
// Its modules are ES modules only: pages have no others.
writeFileSync(path.join(out, 'package.json'), JSON.stringify({ type: 'module' }));
if (!values['no-types']) {
  const { rollup } = await import('rollup');
  const { dts } = await import('rollup-plugin-dts');
  const types = await rollup({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, source(file)])),
    plugins: [dts({ tsconfig: path.join(root, 'tsconfig.json') })],
    // Such as a public type that refers to one that no entry exports.
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  await types.write({ dir: out, chunkFileNames: 'shared-[hash].d.ts' });
}
