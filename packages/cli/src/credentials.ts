import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import {
  type KeyFile,
  loadAuthLibrary,
  newKeyFile,
  Problem,
  readKeyFile,
  setClock,
} from '../../../functions/src/operator';

/** The result of signing in with Application Default Credentials. */
export type GoogleSession =
  | {
      readonly kind: 'signed-in';
      readonly accessToken: string;
      /** A person's own login, not a service account's. */
      readonly isUser: boolean;
      /** Of a service account; unknown for a person. */
      readonly email: string | undefined;
      /** The project that the calls count against, if the login or the environment names one. */
      readonly quotaProject?: string | undefined;
    }
  /** There are none. */
  | { readonly kind: 'none' }
  /** The credentials file cannot be read as one. */
  | { readonly kind: 'unreadable' }
  /** The file in GOOGLE_APPLICATION_CREDENTIALS cannot be used; for a message. */
  | { readonly kind: 'unusable'; readonly message: string; readonly remedy: string }
  /** Google refuses them. */
  | { readonly kind: 'refused' }
  /** Google refuses the signature of a key file. */
  | { readonly kind: 'not-its-key'; readonly email: string }
  /** Google refuses the time in a signature. */
  | { readonly kind: 'wrong-clock' }
  /** Google could not be reached. */
  | { readonly kind: 'no-answer' };

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** An HTTP error as gaxios reports it. */
const answered = z.object({ response: z.object({ status: z.number() }) });

/** By the messages, for lack of codes. They may quote the key file, so they are never printed. */
function failureOf(error: unknown, keyFile: KeyFile | undefined): GoogleSession {
  const words = error instanceof Error ? error.message : '';
  if (words.startsWith('Could not load the default credentials')) return { kind: 'none' };
  const status = answered.safeParse(error).data?.response.status;
  if (status !== undefined && status >= 500) return { kind: 'no-answer' };
  if (keyFile && /Invalid JWT Signature/i.test(words))
    return { kind: 'not-its-key', email: keyFile.client_email };
  if (/short-lived token|reasonable timeframe/i.test(words)) return { kind: 'wrong-clock' };
  if (status !== undefined) return { kind: 'refused' };
  if (/ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|network|socket/i.test(words))
    return { kind: 'no-answer' };
  return { kind: 'unreadable' };
}

async function emailOf(auth: {
  getCredentials(): Promise<{ client_email?: string }>;
}): Promise<string | undefined> {
  try {
    return (await auth.getCredentials()).client_email ?? undefined;
  } catch {
    // A person's login, or a metadata server without an e-mail address.
    return undefined;
  }
}

/** Google's libraries describe a bad key file by what OpenSSL says about it. */
async function readOwnFile(): Promise<KeyFile | GoogleSession | undefined> {
  const path = process.env['GOOGLE_APPLICATION_CREDENTIALS'];
  try {
    return path ? await readKeyFile(path) : undefined;
  } catch (error) {
    const { cause = '', remedy = '' } =
      (error instanceof Problem ? error.extras.operator : undefined) ?? {};
    return { kind: 'unusable', message: cause, remedy };
  }
}

/** Signs in as every Google client library does: key file, gcloud's login, metadata server. */
async function signInUnbounded(): Promise<GoogleSession> {
  const keyFile = await readOwnFile();
  if (keyFile && 'kind' in keyFile) return keyFile;
  try {
    const { GoogleAuth, UserRefreshClient } = await loadAuthLibrary();
    const auth = new GoogleAuth({ scopes: [SCOPE] });
    const client = await auth.getClient();
    const { token } = await client.getAccessToken();
    if (!token) return { kind: 'refused' };
    return {
      kind: 'signed-in',
      accessToken: token,
      isUser: client instanceof UserRefreshClient,
      email: await emailOf(auth),
      quotaProject: client.quotaProjectId,
    };
  } catch (error) {
    return failureOf(error, keyFile);
  }
}

/** Signs in within a bound, which the library does not have. */
export async function signIn(timeoutMs: number): Promise<GoogleSession> {
  // From this disk: the bound is for what is waited for.
  await loadAuthLibrary();
  const late = setTimeout<GoogleSession>(timeoutMs, { kind: 'no-answer' }, { ref: false });
  return Promise.race([signInUnbounded(), late]);
}

export const LOGIN = 'gcloud auth application-default login';

/** Why signing in failed, and the commands that fix it. */
export function explainSession(session: Exclude<GoogleSession, { kind: 'signed-in' }>): {
  readonly message: string;
  readonly remedy?: string;
} {
  switch (session.kind) {
    case 'none':
      return {
        message: 'there are no Application Default Credentials on this machine',
        remedy: LOGIN,
      };
    case 'unreadable':
      return {
        message:
          'GOOGLE_APPLICATION_CREDENTIALS, or the file of gcloud, is no readable credentials file',
        remedy: `unset GOOGLE_APPLICATION_CREDENTIALS\n${LOGIN}`,
      };
    case 'unusable':
      return { message: session.message, remedy: `# ${session.remedy}` };
    case 'not-its-key':
      return {
        message:
          'Google refuses the key file: its private_key is no key of its client_email, or was deleted',
        remedy: newKeyFile(session.email),
      };
    case 'wrong-clock':
      return {
        message: 'Google refuses the credentials because the clock of this machine is wrong',
        remedy: setClock(process.platform),
      };
    case 'refused':
      return {
        message: 'Google does not take the credentials: expired, revoked or deleted',
        remedy: LOGIN,
      };
    case 'no-answer':
      return { message: 'Google could not be asked for an access token: is there a network?' };
  }
}
