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
 * Starts `npm run bridge -- …` as a separate process, without npm. For tests.
 *
 * @param env Added to the variables that every program needs, such as PATH.
 */
export function spawnBridge(args: readonly string[], env: Readonly<Record<string, string>>) {
  const main = path.join(__dirname, 'main.ts');
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: ROOT,
    env: cleanEnvironment(process.env, { ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Like spawnBridge, to its end. */
export async function runBridge(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawnBridge(args, env);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<unknown[]>,
  ]);
  return { code, stdout, stderr };
}
