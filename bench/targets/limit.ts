import { join } from 'node:path';
import { INSTANCE_HEAP } from '@tiki-bridge/testing/process/heap';
import { openProbe } from '@tiki-bridge/testing/process/probe';
import { startChild } from '../child';
import { PROJECT_ENV } from '../project';
import type { UpstreamAddresses } from '../upstreams/process';
import type { Target } from './target';

/** Which calls a login makes: to Tiki only, or to signBlob as well, without or with TLS. */
export type Calls = 'tiki' | 'tiki, signBlob' | 'tiki, signBlob with TLS';

/** Starts limit-server.cjs, as plain Node without any loader. */
export async function startLimit(calls: Calls, addresses: UpstreamAddresses): Promise<Target> {
  const probe = await openProbe();
  const child = startChild(join(__dirname, 'limit-server.cjs'), {
    execArgv: [...INSTANCE_HEAP.split(' '), '--require', probe.preload],
    env: {
      ...probe.env,
      ...PROJECT_ENV,
      NODE_ENV: 'production',
      BENCH_CALLS: calls,
      BENCH_UPSTREAMS: JSON.stringify(addresses),
    },
  });
  const port = await child.ask().catch((error: unknown) => {
    probe.close();
    throw error;
  });
  return {
    name: `the limit (${calls})`,
    origin: `http://127.0.0.1:${String(port)}`,
    usage: probe.usage,
    usageAfterCollection: probe.usageAfterCollection,
    stop: async () => {
      await child.stop();
      probe.close();
    },
  };
}
