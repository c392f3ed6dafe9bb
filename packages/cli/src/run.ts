import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { ROOT } from './project-files';

export interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `npm run bridge -- …` as a process of its own, without npm's part in it: for tests.
 *
 * @param env All that the process gets besides what programs need to run at all.
 */
export async function runBridge(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const main = path.join(__dirname, 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: ROOT,
    env: cleanEnvironment(process.env, { ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<unknown[]>,
  ]);
  return { code, stdout, stderr };
}
