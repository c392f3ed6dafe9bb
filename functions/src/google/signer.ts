import type { AppOptions, Credential } from 'firebase-admin/app';
import type { Credentials } from './credentials';
import type { KeptToken } from './kept-token';
import { readKeyFile, unusableKey, type KeyFile } from './key-file';
import { isOnCloudRun } from './runtime-account';
import { explainSigningFailure, isUnauthenticated, type SigningAccounts } from './signing-failure';
import { boundedAgent } from '../upstream/bounded-agent';

/** Signs with firebase-admin. */
export interface TokenSigner {
  /** Resolves as soon as everything that signing needs is there; rejects when it is not. */
  readonly ready: () => Promise<void>;
  readonly createCustomToken: (uid: string, claims: object) => Promise<string>;
  readonly createAppCheckToken: (appId: string) => Promise<AppCheckToken>;
  /** For the operator's log; called only after a failure. */
  readonly accounts: () => Promise<SigningAccounts>;
}

export interface AppCheckToken {
  readonly token: string;
  readonly ttlMillis: number;
}

export interface SharedSigner {
  readonly current: () => Promise<TokenSigner>;
  /** Replaces a signer that hangs, since every later caller would wait for the same access token. */
  readonly leaveBehind: (stuck: Promise<TokenSigner>) => void;
}

/** One signer for all requests, opened by the first that needs it; retried after a failure. */
export function sharedSigner(open: () => Promise<TokenSigner>): SharedSigner {
  let signer: Promise<TokenSigner> | undefined;
  return {
    current: () => {
      signer ??= open().catch((error: unknown) => {
        signer = undefined;
        throw error;
      });
      return signer;
    },
    leaveBehind: (stuck) => {
      if (signer === stuck) signer = undefined;
    },
  };
}

/** Longer than any request waits for a signature, so that it only closes abandoned calls. */
const IAM_SILENCE_MS = 5_000;

export interface SignerSettings {
  /** E-mail of the account whose key signs; undefined: that of the default credentials. */
  readonly account: string | undefined;
  /** Path in `GOOGLE_APPLICATION_CREDENTIALS`, if any. */
  readonly keyFile: string | undefined;
  /** For the operator's log. */
  readonly projectId: string | undefined;
  /** Those of the runtime's account; shared by all signers, so that replacing one keeps the access token. */
  readonly runtime: Pick<Credentials, 'email' | 'accessTokens'>;
}

/** Two apps in one process must not have the same name. */
let named = 0;
const newName = () => `tiki-firebase-bridge-${(named += 1)}`;

/**
 * `expires_in: 0` makes firebase-admin ask for the token before each call. It would otherwise keep
 * the token until it expires by the wall clock, also after Google has refused it.
 */
export function credentialFrom(tokens: KeptToken): Credential {
  return {
    getAccessToken: async () => ({ access_token: await tokens.current(), expires_in: 0 }),
  };
}

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
    throw unusableKey('cannot be used by firebase-admin', key.client_email);
  }
}

/**
 * Application Default Credentials of their own: those of `applicationDefault()` are shared, and with
 * them a call for an access token that hangs. An app without credentials makes its own; these know
 * every kind of credentials file, which matters to developers.
 */
function ownDefaultCredentials({ initializeApp, deleteApp }: FirebaseAdmin): AppOptions {
  const app = initializeApp({}, newName());
  const { options } = app;
  void deleteApp(app);
  return options;
}

/**
 * firebase-admin, initialised on first use, in one of the three ways of Firebase's documentation:
 *
 * 1. a service account's key file in `GOOGLE_APPLICATION_CREDENTIALS`: signs locally. It must be
 *    passed as `cert()`: the default credentials call IAM even when they have a key;
 * 2. an explicit account: IAM's signBlob signs as that account;
 * 3. neither: the account of the metadata server, through signBlob.
 *
 * On Cloud Run the access tokens are ours and not firebase-admin's. Each signer is an app of its own:
 * other code may use the default app as it likes, and a signer that hangs can be left behind.
 *
 * @throws Problem `misconfigured`, or `signing-unavailable` when the metadata server is.
 */
export async function openSigner(settings: SignerSettings): Promise<TokenSigner> {
  const { account, keyFile, projectId, runtime } = settings;
  const tokens =
    keyFile === undefined && isOnCloudRun(process.env) ? runtime.accessTokens() : undefined;
  // Fetched while firebase-admin is loaded; `ready` reports a failure.
  tokens?.current().catch(() => undefined);

  async function discovered(): Promise<string | undefined> {
    try {
      return tokens && (await runtime.email());
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
  const given = tokens && credentialFrom(tokens);
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
  /** With our own tokens: once more with a new one where Google refuses the first. */
  const authorised = <T>(call: () => Promise<T>): Promise<T> =>
    tokens ? tokens.use(call, isUnauthenticated) : call();
  let callsAs = key?.client_email ?? (account === undefined ? signsAs : undefined);
  return {
    ready: async () => {
      await tokens?.current();
    },
    createCustomToken: (uid, claims) => authorised(() => auth.createCustomToken(uid, claims)),
    createAppCheckToken: async (appId) => {
      const { getAppCheck } = await import('firebase-admin/app-check');
      return authorised(() => getAppCheck(app).createToken(appId));
    },
    accounts: async () => {
      callsAs ??= await runtime.email().catch(() => undefined);
      return { signsAs: signsAs ?? callsAs, callsAs, projectId };
    },
  };
}
