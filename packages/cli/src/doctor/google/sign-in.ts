import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { z } from 'zod';

/** What Application Default Credentials come to. */
export type GoogleSession =
  | {
      readonly kind: 'signed-in';
      readonly accessToken: string;
      /** A person's own login, not a service account's. */
      readonly isUser: boolean;
      /** Of a service account; a person's is not told. */
      readonly email: string | undefined;
    }
  /** There are none. */
  | { readonly kind: 'none' }
  /** GOOGLE_APPLICATION_CREDENTIALS names something that is no credentials file. */
  | { readonly kind: 'unreadable' }
  /** Google does not take them (any more). */
  | { readonly kind: 'refused' }
  /** Google could not be asked. */
  | { readonly kind: 'no-answer' };

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** What gaxios says of an answer that was an error. */
const answered = z.object({ response: z.object({ status: z.number() }) });

/** Told by the library's words, which have no codes; the words themselves may quote the key file. */
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
    // A person's login, or a metadata server that does not say.
    return undefined;
  }
}

/** Signs in as every Google client library does: key file, gcloud's login, metadata server. */
async function signIn(): Promise<GoogleSession> {
  try {
    const auth = new GoogleAuth({ scopes: [SCOPE] });
    const client = await auth.getClient();
    const { token } = await client.getAccessToken();
    if (!token) return { kind: 'refused' };
    const isUser = client instanceof UserRefreshClient;
    return { kind: 'signed-in', accessToken: token, isUser, email: await emailOf(auth) };
  } catch (error) {
    return failureOf(error);
  }
}

/** The library has no bound of its own. */
export async function signInWithin(timeoutMs: number): Promise<GoogleSession> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<GoogleSession>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'no-answer' });
    }, timeoutMs);
  });
  const session = await Promise.race([signIn(), late]);
  clearTimeout(timer);
  return session;
}
