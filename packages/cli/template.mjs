// For the bundle of the command line: the files that `init` merges into other projects, which are read
// from the checkout otherwise (src/adopt/wanted/template.ts).
import { readFile } from 'node:fs/promises';

const FILES = [
  'firestore.rules',
  'firestore.indexes.json',
  'storage.rules',
  'database.rules.json',
  'functions/.env',
];

/** For esbuild's `define`. */
export async function templateDefinition() {
  const entries = FILES.map(async (file) => [
    file,
    await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'),
  ]);
  return { BRIDGE_TEMPLATE: JSON.stringify(Object.fromEntries(await Promise.all(entries))) };
}
