import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const CLIENT = path.resolve(__dirname, '..', '..', 'packages', 'tini-client');

/**
 * Builds the client library and installs it into a node_modules folder like npm, resolved through
 * its package.json. A fresh clone has no build of it.
 */
export async function installClientPackage(nodeModules: string): Promise<void> {
  const target = path.join(nodeModules, 'tiki-firebase-client');
  await mkdir(target, { recursive: true });
  const build = [path.join(CLIENT, 'build.mjs'), '--out', path.join(target, 'dist'), '--no-types'];
  await promisify(execFile)(process.execPath, build);
  // Our own file, in npm's format.
  const { files } = JSON.parse(await readFile(path.join(CLIENT, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  for (const name of ['package.json', ...files.filter((file) => file !== 'dist')]) {
    await cp(path.join(CLIENT, name), path.join(target, name), { recursive: true });
  }
}
