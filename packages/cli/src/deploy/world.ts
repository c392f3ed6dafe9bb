import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { world as doctorWorld } from '../doctor/run-doctor';
import type { World } from '../doctor/world';
import { named } from '../deployment';
import { printable } from '../printable';
import { ROOT } from '../project-files';

/** All effects of `deploy` and `rollback`. */
export interface DeployWorld extends World {
  /** Runs a command in the project's folder, with its output here. @returns its exit code */
  readonly run: (command: readonly [string, ...string[]]) => Promise<number>;
  readonly wait: (ms: number) => Promise<void>;
  /** One line for people. */
  readonly say: (line: string) => void;
  /** Asks a question; undefined where nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

async function run([command, ...args]: readonly [string, ...string[]]): Promise<number> {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    // npm and npx are scripts there. No argument has a character that a shell would read.
    shell: process.platform === 'win32',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

export const world: DeployWorld = {
  ...doctorWorld,
  run,
  wait: (ms) => setTimeout(ms),
  say: (line) => {
    console.log(printable(named(line)));
  },
  ask: process.stdin.isTTY ? ask : undefined,
};
