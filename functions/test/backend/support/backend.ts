import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { createBackend } from '../../../src/backend/assemble';
import { signedUserTokens } from '../../../src/backend/user-tokens';
import { systemClock } from '../../../src/clock';
import { createCredentials, withoutKey } from '../../../src/google/credentials';
import { answerWith } from '../../../src/server/take-over';
import { startUpstream, type Upstream } from '../../gateway/support/upstream';
import { PROJECT } from '../../sessions/support/auth-server';
import { startSite, type TestSite } from '../../sessions/support/site';

export const ACCOUNT = 'bridge@demo-tiki-bridge.iam.gserviceaccount.com';
/** The signing account's key; its public half is what Google publishes. */
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2_048 });
export const PUBLIC_KEY = String(KEYS.publicKey.export({ type: 'spki', format: 'pem' }));

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(claims: object): string {
  const text = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(KEYS.privateKey, 'base64url')}`;
}

/** The function `backend` on a socket, before a private service that records what reaches it. */
export interface TestBackend {
  readonly origin: string;
  /** The function `sessions`, with the same accounts and keys. */
  readonly site: TestSite;
  readonly service: Upstream;
  /** Audiences that ID tokens were fetched for. */
  readonly audiences: readonly string[];
  /** `Authorization` of a customer's app or page. */
  readonly bearer: (customerId?: string) => { readonly Authorization: string };
  readonly entries: readonly LogEntry[];
  readonly logged: () => string;
  readonly close: () => Promise<void>;
}

export async function startBackend(
  env: Readonly<Record<string, string>> = {},
  timeoutMs = 30_000,
): Promise<TestBackend> {
  const [site, service] = await Promise.all([startSite(), startUpstream()]);
  const entries: LogEntry[] = [];
  const audiences: string[] = [];
  const url = `http://${service.host}`;
  const credentials = createCredentials(
    {
      email: () => Promise.resolve(ACCOUNT),
      accessToken: () => Promise.reject(new Error('not asked for')),
      idToken: (audience) => {
        audiences.push(audience);
        const value = `id-token-${audiences.length}`;
        return Promise.resolve({ value, lifetimeMs: 3_600_000 });
      },
      jwtAccessToken: withoutKey,
    },
    systemClock,
  );
  const signer = {
    issuer: () => Promise.resolve(ACCOUNT),
    sign: (claims: Readonly<Record<string, string | number>>) => Promise.resolve(signed(claims)),
  };
  const handler = createBackend(
    {
      GCLOUD_PROJECT: PROJECT,
      FIREBASE_AUTH_EMULATOR_HOST: site.auth.host,
      // For an address on loopback.
      FUNCTIONS_EMULATOR: 'true',
      PRIVATE_BACKEND_URL: url,
      SESSION_KEYS: site.key,
      ...env,
    },
    {
      log: (entry) => entries.push(entry),
      userTokens: signedUserTokens(signer, url, systemClock),
      identity: { audience: url, credentials },
      timeoutMs,
    },
  );
  const server = createServer();
  answerWith(server, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    site,
    service,
    audiences,
    bearer: (customerId = '1001') => {
      const uid = `tiki:${customerId}`;
      if (!site.auth.accounts.has(uid)) site.auth.accounts.set(uid, {});
      return { Authorization: `Bearer ${site.auth.idToken(uid)}` };
    },
    entries,
    logged: () => JSON.stringify(entries),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await service.close();
      await site.close();
    },
  };
}
