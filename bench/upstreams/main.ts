// The process of the upstreams: Tiki, signBlob and the metadata server. Started by process.ts.
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import { createAccessTokens } from '@tiki-bridge/testing/google/access-tokens';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { IAM_CREDENTIALS_HOST } from '@tiki-bridge/testing/google/iam-credentials';
import { METADATA_HOSTS, startMetadataServer } from '@tiki-bridge/testing/google/metadata-server';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { PROJECT } from '../project';
import type { UpstreamAddresses, UpstreamSettings } from './process';
import { answerAuth } from './auth';
import { disturbed, IAM_FAULTS, TIKI_FAULTS, type UpstreamFault } from './faults';
import { answerSignBlob } from './sign-blob';
import { answerTiki } from './tiki';

async function listen(server: HttpServer | HttpsServer): Promise<string> {
  // Idle connections stay open between rounds. Closing one just as a request is sent on it would
  // fail a login, and only the bridge would have to handle that.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a TCP port');
  return `127.0.0.1:${bound.port}`;
}

async function main(): Promise<void> {
  let latencyMs = 0;
  let fault: UpstreamFault | undefined;
  const faultNow = () => fault;
  const latency = () => latencyMs;
  const account = makeServiceAccount('runtime', PROJECT);
  const { keyPem: key, certPem: cert, caPem } = await makeCertificates([IAM_CREDENTIALS_HOST]);
  const metadata = await startMetadataServer({
    projectId: PROJECT,
    account,
    tokens: createAccessTokens({ now: Date.now, lifetimeSeconds: 3599 }),
    now: Date.now,
  });
  const tiki = await listen(createServer(disturbed(answerTiki(latency), TIKI_FAULTS, faultNow)));
  const auth = await listen(createServer(answerAuth()));
  const sign = disturbed(answerSignBlob(latency), IAM_FAULTS, faultNow);
  const signBlob = await listen(createTlsServer({ key, cert }, sign));
  const signBlobPlain = await listen(createServer(sign));

  process.on('message', (settings: UpstreamSettings) => {
    ({ latencyMs, fault } = settings);
    process.send?.(settings); // Confirms that they are in effect.
  });
  process.once('disconnect', () => process.exit());
  process.send?.({
    tiki: `http://${tiki}`,
    auth,
    signBlob,
    signBlobPlain,
    mapHosts: {
      ...Object.fromEntries(METADATA_HOSTS.map((host) => [`${host}:80`, metadata.address])),
      [`${IAM_CREDENTIALS_HOST}:443`]: signBlob,
    },
    caPem,
  } satisfies UpstreamAddresses);
}

void main();
