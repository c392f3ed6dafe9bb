import { systemClock } from '../clock';
import type { Credentials } from '../google/credentials';
import { isOnCloudRun, runtimeCredentials } from '../google/runtime-account';
import { upstreamsFor } from '../google/upstreams';
import { createUsers, type Users } from '../google/users';
import { httpClient, type HttpClient } from '../upstream/http-client';
import { createAuthService, type AuthService } from './auth-service';
import { idTokens, type IdTokens } from './id-tokens';
import type { KeyRing } from './key-ring';
import { apiKeyOf, type ReadingParameters } from './parameters';
import { createSessionReader, type SessionReader } from './read-session';
import type { Seal } from './sealed-session';

/** What sessions in cookies need. */
export interface CookieSessions {
  readonly seal: Seal;
  readonly idTokens: IdTokens;
  readonly authService: AuthService;
}

export interface OpenedReader {
  readonly reader: SessionReader;
  readonly users: Users;
  /** Undefined without SESSION_KEYS. */
  readonly cookies: CookieSessions | undefined;
}

/**
 * Puts together what reads sessions. Nothing is called before the first session.
 *
 * @throws Problem `misconfigured`
 */
export function openReader(
  parameters: ReadingParameters,
  env: NodeJS.ProcessEnv,
  http: HttpClient = httpClient(systemClock),
  runtime: Credentials = runtimeCredentials(http, systemClock),
): OpenedReader {
  const { GCLOUD_PROJECT: projectId, SESSION_KEYS: ring } = parameters;
  const clock = systemClock;
  const users = createUsers({
    projectId,
    // Perhaps not the function `sessions`: people's own ones read sessions too.
    service: env['K_SERVICE'] || 'sessions',
    tokens: isOnCloudRun(env) ? runtime.accessTokens() : undefined,
  });
  function openCookies(keys: KeyRing): CookieSessions {
    const auth = parameters.FIREBASE_AUTH_EMULATOR_HOST;
    const authService = createAuthService({
      upstreams: upstreamsFor({ auth, firestore: undefined }),
      apiKey: apiKeyOf(parameters),
      http,
      clock,
    });
    return {
      seal: { ring: keys, projectId },
      idTokens: idTokens(authService.refresh, clock.now),
      authService,
    };
  }
  const cookies = ring && openCookies(ring);
  return { reader: createSessionReader({ users, cookies, clock }), users, cookies };
}
