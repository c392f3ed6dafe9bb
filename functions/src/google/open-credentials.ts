import { systemClock, type Clock } from '../clock';
import { httpClient, type HttpClient } from '../upstream/http-client';
import { boundedLibrary, type BoundedLibrary } from './auth-library';
import { createCredentials, type Credentials, type TokenSource } from './credentials';
import { defaultSource } from './default-source';
import { impersonation } from './impersonation';
import { namesCredentials, readKey } from './key-file';
import { keySource } from './key-source';
import { isOnCloudRun, runtimeCredentials } from './runtime-account';

/** For one token in a request, and in a command, whose operator would only run it again. ms */
const REQUEST_MS = 5_000;
const COMMAND_MS = 30_000;

/**
 * The credentials that the environment provides: the secret `GOOGLE_CREDENTIALS`, then, as in all of
 * Google's libraries, the file that `GOOGLE_APPLICATION_CREDENTIALS` names, then what the machine has.
 * Nothing is read before the first token; every call may reject with a `Problem` `misconfigured` about
 * a key.
 */
export function openCredentials(
  env: NodeJS.ProcessEnv,
  http: HttpClient,
  clock: Clock,
  library: BoundedLibrary = boundedLibrary(REQUEST_MS),
): Credentials {
  if (!namesCredentials(env) && isOnCloudRun(env)) return runtimeCredentials(http, clock);

  async function open(): Promise<TokenSource> {
    const key = await readKey(env);
    return key ? keySource(key, library, clock) : defaultSource(library, clock);
  }

  return createCredentials(
    {
      email: async () => (await open()).email(),
      accessToken: async (scopes) => (await open()).accessToken(scopes),
      idToken: async (audience) => (await open()).idToken(audience),
      jwtAccessToken: async (audience) => (await open()).jwtAccessToken(audience),
    },
    clock,
  );
}

/**
 * For programs: the credentials of the environment, or those of an account that they impersonate.
 *
 * @param account E-mail of a service account; undefined: the credentials themselves.
 */
export function credentialsFor(env: NodeJS.ProcessEnv, account: string | undefined): Credentials {
  const library = boundedLibrary(COMMAND_MS);
  const own = openCredentials(env, httpClient(systemClock), systemClock, library);
  if (account === undefined) return own;
  return createCredentials(impersonation(account, own, library, systemClock), systemClock);
}
