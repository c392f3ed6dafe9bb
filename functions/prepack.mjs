// What `npm pack` needs besides the sources: lib/, the operator's command line in one file, and
// npm-shrinkwrap.json, made from them; infra/setup.sh with all that it reads, and the documents that alerts
// and --help name, from the checkout. Run by npm before it packs, and with --undo afterwards; see
// `npm run pack:bridge`.
import { spawnSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Taken from the project that installs the package wherever its version fits, so that TypeScript sees one
 * copy of their types. A shrinkwrap would nest copies of its own.
 */
const SHARED = ['firebase-admin', 'firebase-functions'];

/** As Node looks for a package: in node_modules of the folder, then of each folder above. */
function find(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/') - 1)) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
}

const without = (entry, ...keys) =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.includes(key)));

/**
 * The part of the lockfile that the package installs. Without addresses of a registry, which the
 * lockfile has none of either: everybody's own npm knows where to look.
 */
function shrinkwrap({ packages, ...lock }) {
  const root = without(packages[''], 'devDependencies');
  const kept = new Map();
  const waiting = Object.keys(root.dependencies)
    .filter((name) => !SHARED.includes(name))
    .map((name) => find(packages, '', name));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (kept.has(path)) continue;
    const entry = without(packages[path], 'dev', 'devOptional', 'peer');
    kept.set(path, entry);
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies };
    waiting.push(...Object.keys(wanted).flatMap((name) => find(packages, path, name) ?? []));
  }
  const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...lock, packages: { '': root, ...Object.fromEntries(sorted) } };
}

/** Of the checkout, at the same places in the package. */
const COPIED = ['docs', 'infra', 'firestore.indexes.json'];
/** Its providers are large. */
const isNotTerraform = (file) => !file.endsWith('terraform');

// None of it stays: npm would install from the shrinkwrap, and changes to copies would be lost.
for (const name of [...COPIED, 'npm-shrinkwrap.json']) {
  await rm(here(name), { recursive: true, force: true });
}
if (process.argv.includes('--undo')) process.exit();

// The command line imports packages of the whole checkout.
run(here('../bootstrap.mjs'));
run(here('build.mjs'));
run(here('../packages/cli/build.mjs'), here('lib/cli.js'));
// Of other functions in the same codebase Node's options are none of our business.
const defaults = await readFile(here('.env'), 'utf8');
const ours = defaults.split('\n').filter((line) => /^(?!NODE_OPTIONS)[A-Z_]+=/.test(line));
await writeFile(here('lib/parameters.env'), `${ours.join('\n')}\n`);
const lock = JSON.parse(await readFile(here('package-lock.json'), 'utf8'));
for (const name of COPIED) {
  const options = { recursive: true, dereference: true, filter: isNotTerraform };
  await cp(here(`../${name}`), here(name), options);
}
await writeFile(here('npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrap(lock), null, 2)}\n`);
