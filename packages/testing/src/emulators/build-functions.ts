import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PROJECT_ROOT } from './project-files';

/** Builds functions/lib with the script used for deployment; an error contains its output. */
export async function buildFunctions(): Promise<void> {
  const folder = path.join(PROJECT_ROOT, 'functions');
  const windows = process.platform === 'win32';
  const build = spawn(windows ? 'npm.cmd' : 'npm', ['run', '--silent', 'build'], {
    cwd: folder,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  await once(build, 'close');
  if (build.exitCode !== 0) throw new Error(`Building the functions failed.\n${output.trim()}`);
}
