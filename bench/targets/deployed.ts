import { basename } from 'node:path';
import { startFunction } from '@tiki-bridge/testing/google/framework';
import { nodeOptionsOf } from '@tiki-bridge/testing/process/heap';
import { openProbe } from '@tiki-bridge/testing/process/probe';
import { PROJECT_ENV } from '../project';
import type { UpstreamAddresses } from '../upstreams/process';
import type { Target } from './target';

/**
 * Starts a built function behind functions-framework, as production does: default credentials of
 * the metadata server, an instance's heap, Google's hosts and Tiki's on loopback.
 *
 * @param folder Its package.json names the entry, which exports `auth`.
 * @param caFile PEM of the authority behind signBlob's certificate.
 * @param env Added to the variables of every function.
 */
export async function startDeployed(
  folder: string,
  addresses: UpstreamAddresses,
  caFile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const probe = await openProbe();
  try {
    const { origin, stop } = await startFunction({
      source: folder,
      mapHosts: addresses.mapHosts,
      preload: [probe.preload],
      env: {
        ...probe.env,
        NODE_OPTIONS: nodeOptionsOf(folder),
        NODE_EXTRA_CA_CERTS: caFile,
        ...PROJECT_ENV,
        TIKI_API_BASE_URL: addresses.tiki,
        // All load comes from one address. It is counted but not limited.
        RATE_LIMIT_PER_MINUTE: '100000',
        ...env,
      },
    });
    return {
      name: basename(folder),
      origin,
      usage: probe.usage,
      usageAfterCollection: probe.usageAfterCollection,
      stop: async () => {
        await stop();
        probe.close();
      },
    };
  } catch (error) {
    probe.close();
    throw error;
  }
}
