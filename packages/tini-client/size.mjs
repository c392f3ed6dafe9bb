// node size.mjs [--out <folder>]: prints the sizes of the built files; fails if one is over its limit.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { FORMATS, LIMITS } from './outputs.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? path.join(folder, 'dist');

const files = FORMATS.flatMap((each) =>
  readdirSync(path.join(out, each.folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${each.folder}/${name}`),
);
for (const file of files) {
  const bytes = readFileSync(path.join(out, file));
  const zipped = gzipSync(bytes).length;
  const fits = bytes.length <= LIMITS.minified && zipped <= LIMITS.gzip;
  console.log(
    `${file}: ${bytes.length} bytes minified (limit ${LIMITS.minified}), ` +
      `${zipped} gzip (limit ${LIMITS.gzip})${fits ? '' : ' - TOO LARGE'}`,
  );
  if (!fits) process.exitCode = 1;
}
