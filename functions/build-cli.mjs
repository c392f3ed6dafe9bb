// Builds lib/cli.js, the `bin` of the packed package: packages/cli with what it imports.
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { templateDefinition } from '../packages/cli/template.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = here('lib/cli.js');

await build({
  entryPoints: [here('../packages/cli/src/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
  define: await templateDefinition(),
  external: ['@google-cloud/*', '@firebase/database-compat', 'firebase-admin', 'firebase-tools'],
});
await chmod(outfile, 0o755);
