// Builds lib/: our own sources and the packages they use in a few CommonJS files, since a new instance
// that opens one file starts sooner than one that looks for a thousand. What is imported lazily stays
// lazy. See docs/growth.md.
import { Buffer } from 'node:buffer';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Large, and not needed for a login: they stay in node_modules until they are imported. */
const LEFT_IN_NODE_MODULES = [
  '@google-cloud/firestore',
  '@google-cloud/storage',
  '@firebase/database-compat',
  // The decoder of Firestore's events, with protobufjs.
  'firebase-functions/firestore',
  // Not all of jose: firebase-admin brings an older one, which is bundled with it.
  'jose/jwt',
  'jose/errors',
  // After the first answer, and only with TRACES_ENDPOINT.
  '@opentelemetry',
];

/**
 * Functions that a login does not need, which all logins would read with the rest: each in a file of
 * its own, by the name under which functions.ts imports it.
 */
const IN_FILES_OF_THEIR_OWN = ['backend/assemble', 'push/assemble'];

const external = LEFT_IN_NODE_MODULES.flatMap((name) => [name, `${name}/*`]);

const common = {
  outdir: here('lib'),
  bundle: true,
  write: false,
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

/** The entry `tiki-firebase-bridge/sessions`, for servers that have firebase-admin themselves. */
const sessions = {
  entryPoints: { sessions: here('src/sessions/verify-session.ts') },
  external: ['firebase-admin', 'firebase-admin/*', 'firebase-functions', 'firebase-functions/*'],
  // They have CommonJS, which also works where import() does not, as in jest.
  supported: { 'dynamic-import': false },
};

/**
 * Types without a type check, which is another command: of files whose exports are annotated with types
 * of their own or of firebase-functions.
 */
async function declare(source, target) {
  const text = await readFile(here(`src/${source}.ts`), 'utf8');
  const { outputText } = ts.transpileDeclaration(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  return { path: here(`lib/${target}.d.ts`), contents: Buffer.from(outputText) };
}

/**
 * Makes lib/ consist of these files. What is the same stays untouched: while a suite of tests builds
 * lib/ once more, those of another one read it.
 */
async function writeLib(files) {
  await mkdir(here('lib'), { recursive: true });
  const wanted = new Set(files.map((file) => file.path));
  const entries = await readdir(here('lib'), { recursive: true, withFileTypes: true });
  const present = entries
    .filter((entry) => !entry.isDirectory())
    // Node 20.6 calls it `path`, newer ones `parentPath`.
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  await Promise.all(present.filter((file) => !wanted.has(file)).map((file) => rm(file)));
  for (const { path: file, contents } of files) {
    const old = await readFile(file).catch(() => undefined);
    if (old?.equals(contents)) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
}

const bundles = await Promise.all([
  build({ ...common, entryPoints: [here('src/index.ts')], external: ['./functions.js'] }),
  build({
    ...common,
    entryPoints: [here('src/functions.ts')],
    external: [...external, ...IN_FILES_OF_THEIR_OWN.map((name) => `./${name}.js`)],
  }),
  build({
    ...common,
    entryPoints: Object.fromEntries(
      IN_FILES_OF_THEIR_OWN.map((name) => [name, here(`src/${name}.ts`)]),
    ),
    external,
  }),
  build({ ...common, ...sessions }),
]);
const types = [
  declare('index', 'index'),
  declare('functions', 'functions'),
  declare('sessions/verify-session', 'sessions'),
  declare('sessions/session', 'session'),
];
await writeLib([
  ...bundles.flatMap(({ outputFiles }) => outputFiles),
  ...(await Promise.all(types)),
]);
