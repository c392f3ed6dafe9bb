import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark's own, which ends when its channel is closed. */
export interface Child {
  /** Sends `message`, if any, and resolves to the child's next one. Rejects if the child ends. */
  readonly ask: (message?: object) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Starts `file` with a channel. It has to exit on `disconnect`. */
export function startChild(file: string, options: ForkOptions = {}): Child {
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...options });
  return {
    ask: async (message) => {
      if (hasEnded(child)) throw new Error(`${file} has ended`);
      const settled = new AbortController();
      const { signal } = settled;
      const answer = Promise.race([
        once(child, 'message', { signal }).then(([given]: unknown[]) => given),
        once(child, 'exit', { signal }).then(() => {
          throw new Error(`${file} has ended`);
        }),
      ]);
      if (message !== undefined) child.send(message);
      return answer.finally(() => {
        settled.abort();
      });
    },
    stop: async () => {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
