import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import path from 'node:path';

const GUARD = path.join(__dirname, 'guard.mjs');
/** Older output is dropped beyond this many characters: `npm start` may run for days. */
const OUTPUT_KEPT = 8 * 1024 * 1024;

export interface GuardedProcess {
  /** Everything written so far to standard output and error. */
  output(): string;
  /** Resolves once the output contains the text. */
  waitForOutput(text: string): Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Sends SIGINT, kills what is left of the group, and resolves when all of it has exited. */
  stop(): Promise<void>;
}

export interface GuardedProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder to remove when the process exits, even if this process has exited before. */
  readonly removeAfterwards?: string;
}

/** Starts a command that cannot outlive this process; see guard.mjs. */
export function startGuarded(
  command: string,
  args: readonly string[],
  { cwd, env, removeAfterwards = '-' }: GuardedProcessOptions,
): GuardedProcess {
  const guard = spawn(process.execPath, [GUARD, removeAfterwards, command, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Outside the terminal's foreground group: Ctrl-C reaches only us, and we stop it properly.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  const grown = new EventEmitter().setMaxListeners(0);
  const streams = [guard.stdout, guard.stderr].filter((stream) => stream !== null);
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_KEPT);
      grown.emit('output');
    });
  }
  // The 'close' event is never emitted after this side has disconnected the IPC channel.
  const ended = [once(guard, 'exit'), ...streams.map((stream) => once(stream, 'close'))];
  const exited = Promise.all(ended).then(() => guard.exitCode ?? 1);
  // Callers that await `exited` see a rejection; without one it must not crash the process.
  exited.catch(() => undefined);
  return {
    output: () => output,
    waitForOutput: async (text) => {
      while (!output.includes(text)) await once(grown, 'output');
    },
    exited,
    stop: async () => {
      if (guard.connected) guard.disconnect();
      await exited;
    },
  };
}
