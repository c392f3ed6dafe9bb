import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../emulators/project-files';

const CACHE = path.join(PROJECT_ROOT, 'node_modules', '.cache', 'node24');

/**
 * The packages that carry nothing but a Node binary for this system. They are what the npm package
 * `node` fetches in an install script; asking for them outright needs no script to run.
 */
function packageNames(platform: NodeJS.Platform, arch: string): string[] {
  const system = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  return system === 'darwin-arm64' ? [`node-${system}`, `node-bin-${system}`] : [`node-${system}`];
}

function binaryOf(packageName: string): string {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(CACHE, 'node_modules', packageName, 'bin', file);
}

function isNode24(binary: string): boolean {
  if (!existsSync(binary)) return false;
  const run = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return run.status === 0 && run.stdout.startsWith('v24.');
}

function install(packageName: string): void {
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
      `${packageName}@24`,
    ],
    { cwd: CACHE, stdio: ['ignore', 'ignore', 'inherit'], shell: windows },
  );
}

/** A Node 24 from npm, installed at the first call and kept beside the packages. */
export function findNode24(): string | undefined {
  for (const name of packageNames(process.platform, process.arch)) {
    if (!isNode24(binaryOf(name))) install(name);
    if (isNode24(binaryOf(name))) return binaryOf(name);
  }
  return undefined;
}
