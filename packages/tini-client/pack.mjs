// npm run pack:tini-app -- <folder of your app> [--sdk]
// Builds the client, or with --sdk the build of Google's SDK, and packs it into that folder. The
// version ends in a hash of the content: npm takes a file of the same name and version for installed
// and keeps the old code. `npm pack` cannot do it: it names the file before it runs any script.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `npm run pack:tini-app -- <folder of your app>         packs tiki-firebase-client
npm run pack:tini-app -- <folder of your app> --sdk   packs tiki-firebase-sdk`;

function npm(args, cwd) {
  const run = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    // On Windows npm is a script.
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    throw new Error(`npm ${args.join(' ')} failed:\n${run.stdout}${run.stderr}`);
}

/** All files below the folder, sorted, with "/" on every system. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();
}

function hashOf(folder) {
  const hash = createHash('sha256');
  for (const name of filesIn(folder)) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 10);
}

/** Packs the built package into the destination, and returns the file's name. */
function pack(source, destination) {
  const staging = mkdtempSync(path.join(os.tmpdir(), 'pack-tini-app-'));
  try {
    const manifest = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
    for (const name of ['package.json', ...manifest.files]) {
      cpSync(path.join(source, name), path.join(staging, name), { recursive: true });
    }
    // A hash may consist of digits and begin with 0, which a version cannot: hence the letters.
    manifest.version += `-sha-${hashOf(staging)}`;
    writeFileSync(path.join(staging, 'package.json'), JSON.stringify(manifest, null, 2));
    npm(['pack', '--ignore-scripts'], staging);
    const file = `${manifest.name}-${manifest.version}.tgz`;
    copyFileSync(path.join(staging, file), path.join(destination, file));
    return file;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sdk: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return USAGE;
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw new Error(`One folder is needed.\n\n${USAGE}`);
  // npm runs scripts in the package's folder and says where it was called.
  const destination = path.resolve(process.env.INIT_CWD ?? '.', given);
  if (!existsSync(path.join(destination, 'package.json'))) {
    throw new Error(`${destination} has no package.json: name the folder of your app.`);
  }
  const packages = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
  const source = path.join(packages, values.sdk ? 'tini-firebase-sdk' : 'tini-client');
  execFileSync(process.execPath, [path.join(source, 'build.mjs')], { stdio: 'inherit' });
  const file = pack(source, destination);
  return `Packed ${path.join(destination, file)}. In that folder run:\n\n  npm install ./${file}`;
}

try {
  console.log(main());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
