import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import path from 'node:path';

const GUARD = path.join(__dirname, 'guard.mjs');
/** Output beyond this many characters is forgotten from its start: `npm start` may run for days. */
const OUTPUT_KEPT = 8 * 1024 * 1024;

export interface GuardedProcess {
  /** Everything written so far, standard output and error together. */
  output(): string;
  /** Resolves once the output contains the text; what is written takes a moment to arrive. */
  says(text: string): Promise<void>;
  /** Resolves with the exit code when the process has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Interrupts it, kills what is left of its group, and resolves when all of that is gone. */
  stop(): Promise<void>;
}

export interface GuardedProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder that goes when the process goes, even if this process is gone by then. */
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
    // Out of the terminal's foreground group: Ctrl-C reaches us, and we stop it in order.
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
  // Not the event 'close': it never comes once this side has disconnected the IPC channel.
  const ended = [once(guard, 'exit'), ...streams.map((stream) => once(stream, 'close'))];
  const exited = Promise.all(ended).then(() => guard.exitCode ?? 1);
  // Whoever waits for `exited` learns of a failure there; nobody waiting must not crash us.
  exited.catch(() => undefined);
  return {
    output: () => output,
    says: async (text) => {
      while (!output.includes(text)) await once(grown, 'output');
    },
    exited,
    stop: async () => {
      if (guard.connected) guard.disconnect();
      await exited;
    },
  };
}
