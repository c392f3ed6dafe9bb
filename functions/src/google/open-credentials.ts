import type { Clock } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import { createCredentials, type Credentials, type TokenSource } from './credentials';
import { defaultSource } from './default-source';
import { readKeyFile } from './key-file';
import { keySource } from './key-source';
import { isOnCloudRun, runtimeCredentials } from './runtime-account';

/**
 * The credentials that the environment provides, in the order of all of Google's libraries: the file
 * that `GOOGLE_APPLICATION_CREDENTIALS` names, then what the machine has. Nothing is read before the
 * first token; every call may reject with a `Problem` `misconfigured` about the file.
 */
export function openCredentials(
  env: NodeJS.ProcessEnv,
  http: HttpClient,
  clock: Clock,
): Credentials {
  const path = env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined;
  if (path === undefined && isOnCloudRun(env)) return runtimeCredentials(http, clock);

  async function open(): Promise<TokenSource> {
    const key = path === undefined ? undefined : await readKeyFile(path);
    return key ? keySource(key, clock) : defaultSource(clock);
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
