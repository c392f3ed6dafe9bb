import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
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
  for (const part of ['package.json', 'firestore']) {
    await cp(path.join(CLIENT, part), path.join(target, part), { recursive: true });
  }
}
