import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ENV } from '../project';
import type { Upstreams } from '../upstreams/process';
import { INSTANCE_HEAP } from '@tiki-bridge/testing/process/heap';
import { openProbe } from '@tiki-bridge/testing/process/probe';
import type { Target } from './target';

/** Starts the limit, limitServer.cjs, as plain Node without any loader. */
export async function startLimit({ addresses }: Upstreams): Promise<Target> {
  const probe = await openProbe();
  const child = fork(join(__dirname, 'limit-server.cjs'), {
    execArgv: [...INSTANCE_HEAP.split(' '), '--require', probe.preload],
    env: {
      ...probe.env,
      ...PROJECT_ENV,
      NODE_ENV: 'production',
      BENCH_UPSTREAMS: JSON.stringify(addresses),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    origin: `http://127.0.0.1:${port}`,
    usage: probe.usage,
    usageAfterCollection: probe.usageAfterCollection,
    stop: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
      probe.close();
    },
  };
}
