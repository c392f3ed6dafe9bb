// node size.mjs [--out <folder>]
// Prints the sizes of the built files with what they import; fails if one is over its limit.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { LIMITS } from './outputs.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? path.join(folder, 'dist');

const contentsOf = (file) => readFileSync(path.join(out, file));

/** The files that a browser loads for this one, itself included. */
function loadedFor(file, loaded = new Set()) {
  loaded.add(file);
  for (const [, imported] of contentsOf(file)
    .toString()
    .matchAll(/from\s*"\.\/([\w-]+\.js)"/g)) {
    if (!loaded.has(imported)) loadedFor(imported, loaded);
  }
  return [...loaded];
}

for (const { file, gzip: limit } of LIMITS) {
  const contents = loadedFor(file).map(contentsOf);
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
  const minified = sum(contents.map((bytes) => bytes.length));
  const zipped = sum(contents.map((bytes) => gzipSync(bytes).length));
  const fits = zipped <= limit;
  console.log(
    `${file}: ${minified} bytes minified, ${zipped} gzip (limit ${limit})` +
      (fits ? '' : ' - TOO LARGE'),
  );
  if (!fits) process.exitCode = 1;
}
