import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Latencies, UpstreamAddresses, UpstreamReport } from './messages';

export interface Upstreams {
  readonly addresses: UpstreamAddresses;
  /** From the next request on. Resolves to the process's CPU use so far, in milliseconds. */
  readonly set: (latencies: Latencies) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** The next message of a child that is written together with this file, or an error if it ends. */
async function next<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const given = await Promise.race([
    once(child, 'message', { signal: ended.signal }),
    once(child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('The process of the upstreams ended');
    }),
  ]).finally(() => {
    ended.abort();
  });
  return given[0] as T; // Both ends are typed by messages.ts.
}

/** Starts the upstreams in a process of their own: their CPU time is not the target's. */
export async function startUpstreams(): Promise<Upstreams> {
  const child = fork(join(__dirname, 'main.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const addresses = await next<UpstreamAddresses>(child);
  return {
    addresses,
    set: async (latencies) => {
      const report = next<UpstreamReport>(child);
      child.send(latencies);
      return (await report).cpuMs;
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
