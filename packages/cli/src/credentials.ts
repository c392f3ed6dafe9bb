import { setTimeout } from 'node:timers/promises';
import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { z } from 'zod';

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
  /** Google refuses them. */
  | { readonly kind: 'refused' }
  /** Google could not be reached. */
  | { readonly kind: 'no-answer' };

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** An HTTP error as gaxios reports it. */
const answered = z.object({ response: z.object({ status: z.number() }) });

/** By the messages, for lack of codes. They may quote the key file, so they are never printed. */
function failureOf(error: unknown): GoogleSession {
  const words = error instanceof Error ? error.message : '';
  if (words.startsWith('Could not load the default credentials')) return { kind: 'none' };
  const status = answered.safeParse(error).data?.response.status;
  if (status !== undefined) return { kind: status < 500 ? 'refused' : 'no-answer' };
  if (/ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|network|socket/i.test(words))
    return { kind: 'no-answer' };
  return { kind: 'unreadable' };
}

async function emailOf(auth: GoogleAuth): Promise<string | undefined> {
  try {
    return (await auth.getCredentials()).client_email ?? undefined;
  } catch {
    // A person's login, or a metadata server without an e-mail address.
    return undefined;
  }
}

/** Signs in as every Google client library does: key file, gcloud's login, metadata server. */
async function signInUnbounded(): Promise<GoogleSession> {
  try {
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
    return failureOf(error);
  }
}

/** Signs in within a bound, which the library does not have. */
export async function signIn(timeoutMs: number): Promise<GoogleSession> {
  const late = setTimeout<GoogleSession>(timeoutMs, { kind: 'no-answer' }, { ref: false });
  return Promise.race([signInUnbounded(), late]);
}

export const LOGIN = 'gcloud auth application-default login';

/** Why signing in failed, and the commands that fix it. */
export function explainSession({ kind }: Exclude<GoogleSession, { kind: 'signed-in' }>): {
  readonly message: string;
  readonly remedy?: string;
} {
  switch (kind) {
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
    case 'refused':
      return {
        message: 'Google does not take the credentials: expired, revoked or deleted',
        remedy: LOGIN,
      };
    case 'no-answer':
      return { message: 'Google could not be asked for an access token: is there a network?' };
  }
}
