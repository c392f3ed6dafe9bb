// The process of the upstreams: Tiki, signBlob and the metadata server. Started by process.ts.
import type { Server } from 'node:net';
import { createAccessTokens } from '@tiki-bridge/testing/google/access-tokens';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { IAM_CREDENTIALS_HOST } from '@tiki-bridge/testing/google/iam-credentials';
import { METADATA_HOSTS, startMetadataServer } from '@tiki-bridge/testing/google/metadata-server';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { PROJECT } from '../project';
import type { Latencies, UpstreamAddresses, UpstreamReport } from './messages';
import { createSignBlob } from './sign-blob';
import { createTiki } from './tiki';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a TCP port');
  return `127.0.0.1:${bound.port}`;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function main(): Promise<void> {
  let latencies: Latencies = { tikiMs: 0, signBlobMs: 0 };
  const account = makeServiceAccount('runtime', PROJECT);
  const tls = await makeCertificates([IAM_CREDENTIALS_HOST]);
  const metadata = await startMetadataServer({
    projectId: PROJECT,
    account,
    tokens: createAccessTokens({ now: Date.now, lifetimeSeconds: 3599 }),
    now: Date.now,
  });
  const tiki = await listen(createTiki(() => latencies.tikiMs));
  const signBlob = await listen(createSignBlob(tls, () => latencies.signBlobMs));

  process.on('message', (given: Latencies) => {
    latencies = given;
    process.send?.({ cpuMs: cpuMs() } satisfies UpstreamReport);
  });
  process.once('disconnect', () => process.exit());
  process.send?.({
    tiki: `http://${tiki}`,
    signBlob,
    mapHosts: {
      ...Object.fromEntries(METADATA_HOSTS.map((host) => [`${host}:80`, metadata.address])),
      [`${IAM_CREDENTIALS_HOST}:443`]: signBlob,
    },
    caPem: tls.caPem,
  } satisfies UpstreamAddresses);
}

void main();
