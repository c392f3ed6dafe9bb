// node build.mjs [--out <folder>] [--no-types]
// Bundles the client into files that webpack 4, which Tini Studio uses, can parse, and its types into
// files that TypeScript 4.7 can parse.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import { ENTRIES, FORMATS, SHARED } from './outputs.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'no-types': { type: 'boolean' } },
});
const out = values.out ?? path.join(root, 'dist');

const input = Object.fromEntries(
  Object.entries(ENTRIES).map(([name, source]) => [name, path.join(root, source)]),
);

/** Warnings are mistakes here, such as a public type that refers to one that no entry exports. */
const onwarn = ({ message }) => {
  throw new Error(message);
};

const byEsbuild = async (code, options) => (await transform(code, options)).code;

// As in tsconfig.json, where it follows from the target.
const tsconfigRaw = { compilerOptions: { useDefineForClassFields: false } };

const typescript = {
  name: 'typescript',
  resolveId: (imported, importer) =>
    importer && path.resolve(path.dirname(importer), `${imported}.ts`),
  transform: (code, file) => byEsbuild(code, { loader: 'ts', sourcefile: file, tsconfigRaw }),
};

const minify = (format, target) => ({
  name: 'minify',
  renderChunk: (code) =>
    // \u escapes would double the size of Vietnamese text.
    byEsbuild(code, { minify: true, format, target, charset: 'utf8' }),
});

async function bundleCode() {
  const code = await rollup({ input, plugins: [typescript], onwarn });
  for (const { folder, format, target } of FORMATS) {
    await code.write({
      dir: path.join(out, folder),
      format,
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      manualChunks: (file) => Object.keys(SHARED).find((name) => SHARED[name].test(file)),
      // Else chunks import the chunks that their own imports need, and bundlers warn about it.
      hoistTransitiveImports: false,
      // No helpers for exports that change: there are none.
      externalLiveBindings: false,
      compact: true,
      plugins: [minify(format, target)],
    });
  }
}

/** The same declarations for every format: TypeScript takes it from the nearest package.json. */
async function bundleTypes() {
  const { dts } = await import('rollup-plugin-dts');
  const tsconfig = path.join(root, 'tsconfig.json');
  const types = await rollup({ input, plugins: [dts({ tsconfig })], onwarn });
  for (const { folder } of FORMATS) {
    await types.write({
      dir: path.join(out, folder),
      chunkFileNames: '[name].d.ts',
      // All that entries do not state themselves is in one file.
      manualChunks: (file) => (file.endsWith('/index.ts') ? undefined : 'shared'),
    });
  }
}

rmSync(out, { recursive: true, force: true });
await bundleCode();
const esm = { type: 'module', sideEffects: false };
writeFileSync(path.join(out, 'esm', 'package.json'), JSON.stringify(esm));
if (!values['no-types']) await bundleTypes();
