// Builds lib/: our own sources and the packages they use in one CommonJS file, since a new instance
// that opens one file starts sooner than one that looks for a thousand. What is imported lazily stays
// lazy. See docs/growth.md.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Large, and not needed for a login: they stay in node_modules until they are imported. */
const LEFT_IN_NODE_MODULES = [
  '@google-cloud/firestore',
  '@google-cloud/storage',
  '@firebase/database-compat',
];

const common = {
  outdir: here('lib'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  // Less to read for V8; names are kept for those who read stack traces.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
};

await rm(here('lib'), { recursive: true, force: true });
await Promise.all([
  build({ ...common, entryPoints: [here('src/index.ts')], external: ['./functions.js'] }),
  build({
    ...common,
    entryPoints: [here('src/functions.ts')],
    external: LEFT_IN_NODE_MODULES.flatMap((name) => [name, `${name}/*`]),
  }),
]);
