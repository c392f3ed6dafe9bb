import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** `times` concurrent exchanges of one address at the time `now` of the instance (epoch ms). */
export interface Order {
  readonly address: string;
  readonly times: number;
  readonly now: number;
}

export interface Answer {
  readonly allowed: number;
  /** Failures of the store that were logged. */
  readonly failures: readonly unknown[];
}

/** A process with a rate limit in Firestore, like an instance of the function. */
export interface Instance {
  /** The origin of its bridge, which uses the real clock. */
  readonly origin: string;
  /** One order at a time. */
  consume(order: Order): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the program from its sources. */
export async function startInstance(env: Readonly<Record<string, string>>): Promise<Instance> {
  const child = fork(path.join(__dirname, 'instance.ts'), {
    cwd: PROJECT_ROOT,
    env: cleanEnvironment(process.env, { ...env }),
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const errors = child.stderr ? text(child.stderr) : Promise.resolve('');
  async function nextMessage(): Promise<unknown> {
    const died = ended.then(async () => {
      throw new Error(`An instance exited unexpectedly: ${await errors}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as [unknown];
    return message;
  }
  // Sent by instance.ts, which uses these types.
  const { origin } = (await nextMessage()) as Pick<Instance, 'origin'>;
  return {
    origin,
    consume: async (order) => {
      child.send(order);
      return (await nextMessage()) as Answer;
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
