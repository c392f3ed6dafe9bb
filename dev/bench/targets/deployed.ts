import { startFunction } from '../../google-fakes/framework';
import type { Upstreams } from '../upstreams/process';
import { nodeOptionsOf } from './heap';
import { openProbe } from './probe';
import type { Target } from './target';

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
): Promise<Target> {
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
        GCLOUD_PROJECT: 'tiki-bridge-bench',
        FIREBASE_CONFIG: '{"projectId":"tiki-bridge-bench"}',
        TIKI_CLIENT_KEY: 'bench-client-key',
        TIKI_CLIENT_SECRET: 'bench-client-secret',
        TIKI_API_BASE_URL: addresses.tiki,
        // The load comes from one address: it is counted, and let through.
        RATE_LIMIT_PER_MINUTE: '100000',
        ...env,
      },
    });
    return {
      origin: running.origin,
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
