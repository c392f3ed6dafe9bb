import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** So many exchanges of one address, all at once, at a time on the instance's clock (epoch ms). */
export interface Order {
  readonly address: string;
  readonly times: number;
  readonly now: number;
}

export interface Answer {
  readonly allowed: number;
  /** What the operator was told of the store. */
  readonly failures: readonly unknown[];
}

/** A process with a rate limit in Firestore, as one of many instances of the function has it. */
export interface Instance {
  /** Where its whole bridge answers, by the real clock. */
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
  const complaints = child.stderr ? text(child.stderr) : Promise.resolve('');
  async function heard(): Promise<unknown> {
    const died = ended.then(async () => {
      throw new Error(`An instance ended by itself: ${await complaints}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as [unknown];
    return message;
  }
  // The other side's types are this file's.
  const { origin } = (await heard()) as Pick<Instance, 'origin'>;
  return {
    origin,
    consume: async (order) => {
      child.send(order);
      return (await heard()) as Answer;
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
