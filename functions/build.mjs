// Builds lib/: our own sources and the packages they use in one CommonJS file, since a new instance
// that opens one file starts sooner than one that looks for a thousand. What is imported lazily stays
// lazy. See docs/growth.md.
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Large, and not needed for a login: they stay in node_modules until somebody asks for them. */
const LEFT_IN_NODE_MODULES = [
  '@google-cloud/firestore',
  '@google-cloud/storage',
  '@firebase/database-compat',
];

const LOOKS_FOR_FORM_DATA = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";

/**
 * What axios does while it loads makes Node load its own `fetch`, 15 to 20 ms of every cold start: it
 * looks for `FormData`, and tries out what `fetch` can do. Ours goes through its http adapter and
 * sends no forms.
 */
const axiosWithoutFetch = {
  name: 'axios-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]axios[\\/]lib[\\/]adapters[\\/]fetch\.js$/ }, () => ({
      contents: 'export const getFetch = () => false; export default false;',
    }));
    onLoad({ filter: /[\\/]axios[\\/]lib[\\/]utils\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, 'utf8')).split(LOOKS_FOR_FORM_DATA);
      if (parts.length !== 2) throw new Error('axios looks for FormData in another way');
      return { contents: parts.join('undefined') };
    });
  },
};

const common = {
  plugins: [axiosWithoutFetch],
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
