// node bundle.mjs <tool> <folder>: bundles app.js of that folder into out/<tool>.js, as CommonJS.
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const [tool, folder] = process.argv.slice(2);
const entry = path.join(folder, 'app.js');
const out = path.join(folder, 'out');
const filename = `${tool}.js`;

/** The options that webpack 4 and 5 have in common. Tini Studio uses webpack 4. */
const webpackOptions = {
  mode: 'production',
  context: folder,
  entry,
  target: 'webworker',
};

/** @param tools The folder that has this version of webpack. */
async function runWebpack(tools, options) {
  const webpack = createRequire(new URL(`${tools}/package.json`, import.meta.url))('webpack');
  const stats = await promisify(webpack)({ ...webpackOptions, ...options });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
}

const BUNDLERS = {
  webpack4: () =>
    runWebpack('oldest', {
      output: { path: out, filename, libraryTarget: 'commonjs2' },
      node: false,
    }),
  webpack5: () =>
    runWebpack('newest', {
      output: { path: out, filename, library: { type: 'commonjs2' } },
    }),
  esbuild: async () =>
    (await import('esbuild')).build({
      entryPoints: [entry],
      outfile: path.join(out, filename),
      bundle: true,
      format: 'cjs',
      platform: 'browser',
    }),
  vite: async () =>
    (await import('vite')).build({
      root: folder,
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: out,
        emptyOutDir: false,
        target: 'es2017',
        lib: { entry, formats: ['cjs'], fileName: () => filename },
      },
    }),
};

await BUNDLERS[tool]();
