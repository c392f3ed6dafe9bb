// node build.mjs [--out <folder>] [--no-types]
// Bundles each entry of the client into a single file that webpack 4, which Tini Studio uses, can
// parse, and its types into files that TypeScript 4.7 can parse.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ENTRIES, FORMATS } from './outputs.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'no-types': { type: 'boolean' } },
});
const out = values.out ?? path.join(root, 'dist');

async function bundle(source, target) {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, source)],
    bundle: true,
    minify: true,
    write: false,
    // \u escapes would double the size of Vietnamese text.
    charset: 'utf8',
    platform: 'neutral',
    format: 'esm',
    target,
  });
  return outputFiles[0].text;
}

/** esbuild's CommonJS format adds half a kilobyte of helpers, which plain constants do not need. */
function toCommonJs(code) {
  return code.replace(/export\{([^}]*)\};\s*$/, (_, names) =>
    names
      .split(',')
      .map((pair) => pair.split(' as '))
      .map(([local, exported = local]) => `exports.${exported}=${local};`)
      .join(''),
  );
}

/**
 * The same declarations for every format: TypeScript takes a file's format from the nearest
 * package.json. Types that entries have in common are in a file of their own, because two copies of a
 * class with a private member would be two types.
 */
async function bundleTypes() {
  const { rollup } = await import('rollup');
  const { dts } = await import('rollup-plugin-dts');
  const types = await rollup({
    input: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, source]) => [name, path.join(root, source)]),
    ),
    plugins: [dts({ tsconfig: path.join(root, 'tsconfig.json') })],
    // Such as a public type that refers to one that no entry exports.
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  for (const { folder } of FORMATS) {
    await types.write({ dir: path.join(out, folder), chunkFileNames: 'shared.d.ts' });
  }
}

rmSync(out, { recursive: true, force: true });
for (const { folder, format, target } of FORMATS) {
  mkdirSync(path.join(out, folder), { recursive: true });
  for (const [name, source] of Object.entries(ENTRIES)) {
    const code = await bundle(source, target);
    const file = path.join(out, folder, `${name}.js`);
    writeFileSync(file, format === 'cjs' ? toCommonJs(code) : code);
  }
}
const esm = { type: 'module', sideEffects: false };
writeFileSync(path.join(out, 'esm', 'package.json'), JSON.stringify(esm));
if (!values['no-types']) await bundleTypes();
