import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../parse-json';
import type { Packed } from '../plan/plan';
import { FOLDER } from '../project/project';

/** The end of what npm says. */
const LAST_LINES = 15;

/** Set for scripts by the npm that may have started this: where that one works, and on what. */
const OF_ANOTHER_NPM =
  /^npm_config_(local_prefix|package|workspaces?|include_workspace_root|dry_run)$/i;

/** Runs npm to its end, which takes as long as the network does. */
export function runNpm(
  cwd: string,
  args: readonly string[],
): { readonly status: number | null; readonly output: string } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_ANOTHER_NPM.test(name)),
  );
  // npm is a script there, which only a shell starts. Names of folders may have blanks.
  const shell = process.platform === 'win32';
  const words = shell ? args.map((word) => `"${word}"`) : [...args];
  const { status, stdout, stderr, error } = spawnSync('npm', words, {
    ...{ cwd, env, shell },
    encoding: 'utf8',
  });
  const output = `${stdout}${stderr}${error?.message ?? ''}`;
  return { status, output: output.trimEnd().split('\n').slice(-LAST_LINES).join('\n') };
}

/**
 * Without the registry's address in the lockfile: Cloud Build installs from where it always does.
 * Without scripts: none of the packages needs one.
 */
const INSTALL = [
  'install',
  '--omit-lockfile-registry-resolved',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
];
export const INSTALL_COMMAND = `npm ${INSTALL.join(' ')} --prefix ${FOLDER}`;

const lockfile = z.object({
  packages: z.object({
    '': z.object({ dependencies: z.record(z.string(), z.string()).optional() }),
    'node_modules/tiki-firebase-bridge': z.object({ integrity: z.string() }),
  }),
});

const read = (root: string, file: string): unknown => {
  const full = path.join(root, FOLDER, file);
  return existsSync(full) ? parseJson(readFileSync(full, 'utf8')) : undefined;
};

/** Whether the lockfile is about this package.json and this packed file. */
export function isLocked(root: string, { integrity }: Packed): boolean {
  const { data } = lockfile.safeParse(read(root, 'package-lock.json'));
  if (!data) return false;
  const manifest = read(root, 'package.json') as { dependencies?: unknown } | undefined;
  const { '': own, 'node_modules/tiki-firebase-bridge': bridge } = data.packages;
  return (
    bridge.integrity === integrity && isDeepStrictEqual(own.dependencies, manifest?.dependencies)
  );
}

/** Whether the emulators find the packages of the lockfile. */
export function isInstalled(root: string): boolean {
  return existsSync(path.join(root, FOLDER, 'node_modules/tiki-firebase-bridge/package.json'));
}

/** Writes the lockfile and installs. @returns what npm said, if it failed */
export function install(root: string): string | undefined {
  const folder = path.join(root, FOLDER);
  const { status, output } = runNpm(folder, [...INSTALL, '--prefix', folder]);
  return status === 0 ? undefined : output;
}
