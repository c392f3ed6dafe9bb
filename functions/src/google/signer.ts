import type { AppOptions, Credential } from 'firebase-admin/app';
import { boundedAgent } from './bounded-agent';
import { readKeyFile, unusableKeyFile, type KeyFile } from './key-file';
import { isOnCloudRun, runtimeAccount, type RuntimeAccount } from './runtime-account';
import type { TokenSigner } from './shared-signer';
import { explainSigningFailure } from './signing-failure';

/** Longer than anybody waits for a signature, so that it only ends what nobody waits for. */
const IAM_SILENCE_MS = 5_000;

export interface SignerSettings {
  /** E-mail of the account whose key signs; undefined: that of the default credentials. */
  readonly account: string | undefined;
  /** Path in `GOOGLE_APPLICATION_CREDENTIALS`, if any. */
  readonly keyFile: string | undefined;
  /** For the operator's log. */
  readonly projectId: string | undefined;
  /** Of the instance, for all signers: a signer that is left behind takes no access token with it. */
  readonly runtime?: RuntimeAccount;
}

/** Two in one process must not have the same name. */
let named = 0;
const newName = () => `tiki-firebase-bridge-${(named += 1)}`;

type FirebaseAdmin = typeof import('firebase-admin/app');

function localCredential({ cert }: FirebaseAdmin, key: KeyFile): Credential {
  try {
    return cert({
      clientEmail: key.client_email,
      privateKey: key.private_key,
      projectId: key.project_id,
    });
  } catch {
    // The message may quote the key.
    throw unusableKeyFile();
  }
}

/**
 * Application Default Credentials that no other signer has: `applicationDefault()` gives everybody
 * the same ones, and with them a call for an access token that is stuck. An app makes its own when
 * it is given none; they know every kind of credentials file, which matters to developers.
 */
function ownDefaultCredentials({ initializeApp }: FirebaseAdmin): AppOptions {
  return initializeApp({}, newName()).options;
}

/**
 * firebase-admin, initialised on first use, in one of the three ways of Firebase's documentation:
 *
 * 1. a service account's key file in `GOOGLE_APPLICATION_CREDENTIALS`: signs locally. It has to be
 *    given as `cert()`: the default credentials ask IAM to sign even when they have a key;
 * 2. an explicit account: IAM's signBlob signs as that account;
 * 3. neither: the account of the metadata server, through signBlob.
 *
 * Where the instance has an account of its own, the metadata server is asked by us. An app of its
 * own, so that code beside the bridge may use the default app as it likes; a new one each time, so
 * that a signer that is stuck can be left behind.
 *
 * @throws Problem `misconfigured`, or `signing-unavailable` when the metadata server is.
 */
export async function openSigner(settings: SignerSettings): Promise<TokenSigner> {
  const { account, keyFile, projectId, runtime = runtimeAccount(Date.now) } = settings;
  const given = keyFile === undefined && isOnCloudRun(process.env) ? runtime.credential : undefined;
  // Under way while firebase-admin is loaded; what becomes of it is for `ready` to tell.
  given?.getAccessToken().catch(() => undefined);

  async function discovered(): Promise<string | undefined> {
    try {
      return given && (await runtime.email());
    } catch (error) {
      throw explainSigningFailure(error, { signsAs: undefined, callsAs: undefined, projectId });
    }
  }

  const [admin, { getAuth }, key, signsAs] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/auth'),
    keyFile === undefined ? undefined : readKeyFile(keyFile),
    account ?? discovered(),
  ]);
  const signsLocally = key !== undefined && (account ?? key.client_email) === key.client_email;
  const credential = signsLocally ? localCredential(admin, key) : given;
  const app = admin.initializeApp(
    {
      ...(credential ? { credential } : ownDefaultCredentials(admin)),
      ...(signsAs !== undefined && { serviceAccountId: signsAs }),
      httpAgent: boundedAgent(IAM_SILENCE_MS),
    },
    newName(),
  );
  const auth = getAuth(app);
  let callsAs = key?.client_email ?? (account === undefined ? signsAs : undefined);
  return {
    ready: async () => {
      await given?.getAccessToken();
    },
    createCustomToken: (uid, claims) => auth.createCustomToken(uid, claims),
    createAppCheckToken: async (appId) => {
      const { getAppCheck } = await import('firebase-admin/app-check');
      return getAppCheck(app).createToken(appId);
    },
    accounts: async () => {
      callsAs ??= await runtime.email().catch(() => undefined);
      return { signsAs: signsAs ?? callsAs, callsAs, projectId };
    },
  };
}
