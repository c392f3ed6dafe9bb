// node build.mjs <file>: the command line with what it imports, in one file, for the packed functions.
import { chmod } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { templateDefinition } from './template.mjs';

const [, , outfile] = process.argv;

await build({
  entryPoints: [fileURLToPath(new URL('src/main.ts', import.meta.url))],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: {
    js: "#!/usr/bin/env node\nconst bundleUrl = require('node:url').pathToFileURL(__filename).href;",
  },
  // Its CommonJS build loads its parts by a require() that esbuild does not see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
  // The parser of security rules, an ES module here, asks for its own address.
  define: { ...(await templateDefinition()), 'import.meta.url': 'bundleUrl' },
  external: ['@google-cloud/*', '@firebase/database-compat', 'firebase-admin', 'firebase-tools'],
});
await chmod(outfile, 0o755);
