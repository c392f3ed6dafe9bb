import { readFile } from 'node:fs/promises';
import { boundedAgent } from './boundedAgent';
import axios from 'axios';
import { z } from 'zod';
import { Problem } from '../problem';
import type { TokenSigner } from './sharedSigner';

/** Longer than anybody waits for a signature, so that it only ends what nobody waits for. */
const IAM_SILENCE_MS = 5_000;
const RUNTIME_ACCOUNT_URL =
  'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/email';
const METADATA_TIMEOUT_MS = 500;

export interface SignerSettings {
  /** E-mail of the account whose key signs; undefined: that of the default credentials. */
  readonly account: string | undefined;
  /** Path in `GOOGLE_APPLICATION_CREDENTIALS`, if any. */
  readonly keyFile: string | undefined;
  /** For the operator's log. */
  readonly projectId: string | undefined;
}

const keyFileSchema = z.object({
  type: z.literal('service_account'),
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().min(1),
});
type KeyFile = z.output<typeof keyFileSchema>;

function unusableKeyFile(): Problem {
  return new Problem('misconfigured', {
    operator: {
      cause: 'GOOGLE_APPLICATION_CREDENTIALS does not name a readable JSON credentials file',
      account: 'GOOGLE_APPLICATION_CREDENTIALS',
      remedy: 'correct its path, or unset it where Google Cloud gives credentials by itself',
    },
  });
}

let opened = 0;

/** The key file's content when it is a service account's; undefined for other credential files. */
async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { type } = z.object({ type: z.string() }).parse(content);
    return type === 'service_account' ? keyFileSchema.parse(content) : undefined;
  } catch {
    // The parser's message would quote the key.
    throw unusableKeyFile();
  }
}

/** The account that this instance runs as, from the metadata server; undefined elsewhere. */
async function runtimeAccount(): Promise<string | undefined> {
  try {
    const { data } = await axios.get<string>(RUNTIME_ACCOUNT_URL, {
      headers: { 'Metadata-Flavor': 'Google' },
      responseType: 'text',
      maxContentLength: 1024,
      maxRedirects: 0,
      proxy: false,
      signal: AbortSignal.timeout(METADATA_TIMEOUT_MS),
    });
    return z.email().safeParse(data.trim()).data;
  } catch {
    return undefined;
  }
}

/**
 * firebase-admin, initialised on first use, in one of the three ways of Firebase's documentation:
 *
 * 1. a service account's key file in `GOOGLE_APPLICATION_CREDENTIALS`: signs locally. It has to be
 *    given as `cert()`: the default credentials ask IAM to sign even when they have a key;
 * 2. an explicit account: IAM's signBlob signs as that account;
 * 3. neither: the account of the metadata server, through signBlob.
 *
 * An app of its own, so that code beside the bridge may use the default app as it likes; a new one
 * each time, so that a signer that is stuck can be left behind.
 *
 * @throws Problem `misconfigured` for a credentials file that cannot be read.
 */
export async function openSigner(settings: SignerSettings): Promise<TokenSigner> {
  const { account, keyFile, projectId } = settings;
  const [{ applicationDefault, cert, initializeApp }, { getAuth }, key] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/auth'),
    keyFile === undefined ? undefined : readKeyFile(keyFile),
  ]);
  const signsLocally = key !== undefined && (account ?? key.client_email) === key.client_email;
  try {
    const app = initializeApp(
      signsLocally
        ? {
            httpAgent: boundedAgent(IAM_SILENCE_MS),
            credential: cert({
              clientEmail: key.client_email,
              privateKey: key.private_key,
              projectId: key.project_id,
            }),
          }
        : {
            credential: applicationDefault(),
            httpAgent: boundedAgent(IAM_SILENCE_MS),
            ...(account !== undefined && { serviceAccountId: account }),
          },
      `tiki-firebase-bridge-${(opened += 1)}`,
    );
    const auth = getAuth(app);
    let runtime: Promise<string | undefined> | undefined;
    return {
      createCustomToken: (uid, claims) => auth.createCustomToken(uid, claims),
      createAppCheckToken: async (appId) => {
        const { getAppCheck } = await import('firebase-admin/app-check');
        return getAppCheck(app).createToken(appId);
      },
      accounts: async () => {
        runtime ??= key ? Promise.resolve(key.client_email) : runtimeAccount();
        const callsAs = await runtime;
        return { signsAs: account ?? callsAs, callsAs, projectId };
      },
    };
  } catch {
    // Only cert() and applicationDefault() can throw here, and their messages may quote the key.
    throw unusableKeyFile();
  }
}
