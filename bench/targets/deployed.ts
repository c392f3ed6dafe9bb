import { type RunningFunction, startFunction } from '@tiki-bridge/testing/google/framework';
import { PROJECT_ENV } from '../project';
import type { Upstreams } from '../upstreams/process';
import { nodeOptionsOf } from '@tiki-bridge/testing/process/heap';
import { openProbe } from '@tiki-bridge/testing/process/probe';
import type { Target } from './target';

export interface Deployed extends Target {
  /** Complete once `stop()` has resolved. */
  readonly logs: RunningFunction['logs'];
}

/**
 * A built function behind functions-framework, as production runs it: default credentials of the
 * metadata server, Google's hosts and Tiki's on loopback.
 *
 * @param source Folder whose package.json names the entry; it exports `auth`.
 * @param caFile PEM of the authority that signBlob's certificate comes from.
 * @param env Added to what every function is given.
 */
export async function startDeployed(
  source: string,
  upstreams: Upstreams,
  caFile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Deployed> {
  const { addresses } = upstreams;
  const probe = await openProbe();
  try {
    const running = await startFunction({
      source,
      mapHosts: addresses.mapHosts,
      preload: [probe.preload],
      env: {
        ...probe.env,
        NODE_OPTIONS: nodeOptionsOf(source),
        NODE_EXTRA_CA_CERTS: caFile,
        ...PROJECT_ENV,
        TIKI_API_BASE_URL: addresses.tiki,
        // The load comes from one address: it is counted, and let through.
        RATE_LIMIT_PER_MINUTE: '100000',
        ...env,
      },
    });
    return {
      origin: running.origin,
      logs: running.logs,
      usage: probe.usage,
      usageAfterCollection: probe.usageAfterCollection,
      stop: async () => {
        await running.stop();
        probe.close();
      },
    };
  } catch (error) {
    probe.close();
    throw error;
  }
}
