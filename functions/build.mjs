// Builds lib/index.js: our own sources in one CommonJS file, the packages left to node_modules.
// What the source imports lazily, packages included, stays lazy: see docs/growth.md.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await rm(here('lib'), { recursive: true, force: true });
await build({
  entryPoints: [here('src/index.ts')],
  outfile: here('lib/index.js'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: true,
  logLevel: 'warning',
});
