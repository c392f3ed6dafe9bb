// node build.mjs [--out <folder>] [--no-types]
// Bundles the client into files that webpack 4, which Tini Studio uses, can parse.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { IN_RUNTIME, OUTPUTS } from './outputs.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'no-types': { type: 'boolean' } },
});
const out = values.out ?? path.join(folder, 'dist');

/** Leaves the sources that entries have in common to the file `runtime`, beside theirs. */
const importRuntime = (file) => ({
  name: 'import-runtime',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: imported, resolveDir, kind }) =>
      kind !== 'entry-point' && IN_RUNTIME.test(`${path.resolve(resolveDir, imported)}.ts`)
        ? { path: `./runtime${file.slice(file.indexOf('.'))}`, external: true }
        : undefined,
    );
  },
});

async function bundle(entry, file, target) {
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, 'src', entry)],
    bundle: true,
    minify: true,
    write: false,
    // \u escapes would double the size of Vietnamese text.
    charset: 'utf8',
    plugins: file.startsWith('runtime') ? [] : [importRuntime(file)],
    platform: 'neutral',
    format: 'esm',
    target,
  });
  return outputFiles[0].text;
}

/** esbuild's CommonJS format adds half a kilobyte of helpers, which plain constants do not need. */
function toCommonJs(code) {
  return code
    .replace(
      /import\{([^}]*)\}from("[^"]*");/g,
      (_, names, file) => `const {${names.replaceAll(' as ', ':')}}=require(${file});`,
    )
    .replace(/export\{([^}]*)\};\s*$/, (_, names) =>
      names
        .split(',')
        .map((pair) => pair.split(' as '))
        .map(([local, exported = local]) => `exports.${exported}=${local};`)
        .join(''),
    );
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { entry, file, format, target } of OUTPUTS) {
  const code = await bundle(entry, file, target);
  writeFileSync(path.join(out, file), format === 'cjs' ? toCommonJs(code) : code);
}
if (!values['no-types']) {
  const tsc = path.join(folder, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
  const types = path.join(out, 'types');
  const project = path.join(folder, 'tsconfig.build.json');
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', types], { stdio: 'inherit' });
}
