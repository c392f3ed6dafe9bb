import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import readline from 'node:readline';
import type { Lane } from './lanes';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a suite that hangs: those of `npm test` take minutes, the deep ones a quarter of an hour. */
const LONGEST_MS = 20 * 60_000;

export interface CommandOptions {
  readonly name: string;
  readonly lane: Lane;
  /** Nothing else runs at the same time: the output goes straight to the terminal. */
  readonly alone: boolean;
  readonly spawn: SpawnOptions;
}

/** Prints what a process writes, each line after a name: another process prints at the same time. */
function printLines(name: string, { stdout, stderr }: ChildProcess): void {
  for (const input of [stdout, stderr]) {
    if (input === null) continue;
    readline.createInterface({ input }).on('line', (line) => {
      console.log(`${name.padEnd(14)} | ${line}`.trimEnd());
    });
  }
}

/**
 * Runs a command to its end; returns its exit code, 1 if a signal ended it.
 *
 * @throws if this process is interrupted; the signal is passed on
 */
export async function runCommand(
  [command, ...args]: readonly [string, ...string[]],
  { name, lane, alone, spawn: options }: CommandOptions,
): Promise<number> {
  const output = alone ? 'inherit' : 'pipe';
  const child = spawn(command, args, { ...options, stdio: ['ignore', output, output] });
  printLines(name, child);
  if (!alone && lane === 'computes' && child.pid !== undefined) {
    // Emulators and browsers of the other lane have deadlines.
    os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  }
  const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  let interrupted: NodeJS.Signals | undefined;
  const passOn = (signal: NodeJS.Signals) => {
    interrupted = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  await once(child, 'close');
  clearTimeout(tooLong);
  for (const signal of SIGNALS) process.off(signal, passOn);
  if (interrupted !== undefined) throw new Error(`Interrupted by ${interrupted}.`);
  return child.exitCode ?? 1;
}
