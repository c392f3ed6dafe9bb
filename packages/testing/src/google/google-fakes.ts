import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokens } from './access-tokens';
import { APP_CHECK_HOST, startAppCheck } from './app-check';
import { makeCertificates } from './certificates';
import { IAM_CREDENTIALS_HOST, startIamCredentials } from './iam-credentials';
import { FCM_HOST, type FcmFake, startFcm } from './fcm';
import type { IamFault } from './iam-errors';
import type { LoopbackFake } from './loopback-fake';
import { METADATA_HOSTS, startMetadataServer } from './metadata-server';
import { LEGACY_OAUTH_HOST, OAUTH_HOST, startOauthToken, USER_CREDENTIALS } from './oauth-token';
import { startTelemetry, TELEMETRY_HOST } from './telemetry';
import { makeServiceAccount, type ServiceAccount } from './service-account';

export interface GoogleFakes {
  /** For `startFunction`: Google's host names and the addresses of the fakes. */
  readonly mapHosts: Readonly<Record<string, string>>;
  /** PEM file of the CA; also in `env` as NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  /** Variables for the process under test. Without credentials: see `keyFile`. */
  readonly env: Readonly<Record<string, string>>;
  /** The runtime's account, as reported by the metadata server. */
  readonly account: ServiceAccount;
  /** Path of the account's JSON key, for GOOGLE_APPLICATION_CREDENTIALS. */
  readonly keyFile: string;
  /** Path of a user's credentials in gcloud's format, for the same variable. */
  readonly userFile: string;
  readonly metadata: LoopbackFake<'unavailable'>;
  readonly iam: LoopbackFake<IamFault>;
  readonly oauth: LoopbackFake<'unavailable'>;
  readonly appCheck: LoopbackFake<'unavailable'>;
  /** The collector of traces. */
  readonly telemetry: LoopbackFake<'unavailable'>;
  /** For firebase-admin over HTTP/2, preload `correct-http2-scheme.cjs`. */
  readonly fcm: FcmFake;
  /** Creates another account that IAM signs for, e.g. for SIGNING_SERVICE_ACCOUNT. */
  addAccount(name: string): ServiceAccount;
  close(): Promise<void>;
}

/**
 * Starts fakes of all Google services involved in signing a custom token, on loopback.
 *
 * @param options.serviceAccount `none`: an instance without an account, whose metadata server has
 *   neither an e-mail address nor tokens. Default `attached`.
 * @param options.accessTokenSeconds Lifetime of access tokens; default 3599. Client libraries
 *   refresh them five minutes before expiry.
 * @param options.folder For certificates and keys; default a temporary one, removed by `close()`.
 * @param options.now Epoch ms; decides when access tokens expire.
 */
export async function startGoogleFakes(
  options: {
    readonly projectId?: string;
    readonly serviceAccount?: 'attached' | 'none';
    readonly accessTokenSeconds?: number;
    readonly folder?: string;
    readonly now?: () => number;
  } = {},
): Promise<GoogleFakes> {
  const { projectId = 'tiki-bridge-test', now = Date.now } = options;
  const accounts = new Map<string, ServiceAccount>();
  const addAccount = (name: string): ServiceAccount => {
    const added = makeServiceAccount(name, projectId);
    accounts.set(added.email, added);
    return added;
  };
  const account = addAccount('runtime');
  const tokens = createAccessTokens({ now, lifetimeSeconds: options.accessTokenSeconds ?? 3599 });
  const tls = await makeCertificates([
    IAM_CREDENTIALS_HOST,
    OAUTH_HOST,
    LEGACY_OAUTH_HOST,
    APP_CHECK_HOST,
    FCM_HOST,
    TELEMETRY_HOST,
  ]);
  const attached = options.serviceAccount === 'none' ? null : account;
  const [metadata, iam, oauth, appCheck, telemetry, fcm] = await Promise.all([
    startMetadataServer({ projectId, account: attached, tokens, now }),
    startIamCredentials({ accounts, tokens, tls }),
    startOauthToken({ accounts, tokens, now, tls }),
    startAppCheck({ accounts, tokens, tls }),
    startTelemetry({ tokens, tls }),
    startFcm({ projectId, tokens, tls }),
  ]);

  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'google-fakes-'));
  const caFile = join(folder, 'ca.pem');
  const keyFile = join(folder, 'service-account.json');
  writeFileSync(caFile, tls.caPem);
  const userFile = join(folder, 'application_default_credentials.json');
  writeFileSync(userFile, JSON.stringify(USER_CREDENTIALS), { mode: 0o600 });
  writeFileSync(keyFile, JSON.stringify(account.keyFile), { mode: 0o600 });
  return {
    mapHosts: {
      ...Object.fromEntries(METADATA_HOSTS.map((host) => [`${host}:80`, metadata.address])),
      [`${IAM_CREDENTIALS_HOST}:443`]: iam.address,
      [`${OAUTH_HOST}:443`]: oauth.address,
      [`${LEGACY_OAUTH_HOST}:443`]: oauth.address,
      [`${APP_CHECK_HOST}:443`]: appCheck.address,
      [`${TELEMETRY_HOST}:443`]: telemetry.address,
      [`${FCM_HOST}:443`]: fcm.address,
    },
    caFile,
    env: {
      NODE_EXTRA_CA_CERTS: caFile,
      GCLOUD_PROJECT: projectId,
      FIREBASE_CONFIG: JSON.stringify({ projectId }),
    },
    account,
    keyFile,
    userFile,
    metadata,
    iam,
    oauth,
    appCheck,
    telemetry,
    fcm,
    addAccount,
    async close() {
      await Promise.all(
        [metadata, iam, oauth, appCheck, telemetry, fcm].map((fake) => fake.close()),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
