import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import { createJwtSigner } from '../google/jwt-signer';
import { readKey } from '../google/key-file';
import { openCredentials } from '../google/open-credentials';
import type { Handler } from '../http/handler';
import { serve, type ServeOptions, type Service } from '../http/serve';
import { logFor } from '../log/write-log';
import { TIKI_NAMING } from '../providers/tiki/naming';
import { openReader } from '../sessions/open-reader';
import { httpClient, keptAliveSockets } from '../upstream/http-client';
import { notConfigured, parseBackendParameters, type BackendParameters } from './parameters';
import { BACKEND_PATHS, backendRoutes, type BackendEffects } from './routes';
import { emulatorUserTokens, signedUserTokens } from './user-tokens';

/** One call: a body of 10 MiB takes 42 s at 2 Mbit/s. Below the 60 s that Hosting waits. */
const CALL_TIMEOUT_MS = 45_000;
const REQUEST_TIMEOUT_MS = 55_000;

/** @throws Problem `not-configured`, `misconfigured` */
function open(parameters: BackendParameters, env: NodeJS.ProcessEnv): BackendEffects {
  const { PRIVATE_BACKEND_URL: url, GCLOUD_PROJECT: projectId, inEmulator } = parameters;
  if (!url) throw notConfigured();
  const clock = systemClock;
  const http = httpClient(clock);
  const credentials = openCredentials(env, http, clock);
  const { reader } = openReader(parameters, env, http, credentials);
  const signer = createJwtSigner({
    account: parameters.SIGNING_SERVICE_ACCOUNT,
    key: () => readKey(env),
    projectId,
    credentials,
    http,
  });
  return {
    url,
    naming: TIKI_NAMING,
    reader,
    userTokens: inEmulator
      ? emulatorUserTokens(url.origin, clock)
      : signedUserTokens(signer, url.origin, clock),
    identity: inEmulator
      ? undefined
      : { audience: parameters.PRIVATE_BACKEND_AUDIENCE ?? url.origin, credentials },
    projectId,
    sockets: keptAliveSockets(clock),
    clock,
    timeoutMs: CALL_TIMEOUT_MS,
  };
}

function assemble(env: NodeJS.ProcessEnv, replaced: Partial<BackendEffects>): Service {
  const parameters = parseBackendParameters(env);
  let effects: BackendEffects | undefined;
  return {
    routes: backendRoutes(() => (effects ??= { ...open(parameters, env), ...replaced })),
    allowedOrigins: parameters.ALLOWED_ORIGINS,
    maxInFlight: parameters.MAX_IN_FLIGHT,
    secrets: (env['SESSION_KEYS'] ?? '').split('\n').filter((line) => line !== ''),
  };
}

/**
 * The function `backend` as a request handler. Nothing is read or opened before the first request.
 *
 * @param effects Replace the real ones in tests.
 */
export function createBackend(
  env: NodeJS.ProcessEnv,
  effects: Partial<BackendEffects & Pick<ServeOptions, 'log' | 'newRequestId'>> = {},
): Handler {
  const { log = logFor(env), newRequestId = randomUUID, ...replaced } = effects;
  let service: Service | undefined;
  return serve({
    sources: BACKEND_PATHS,
    service: () => (service ??= assemble(env, replaced)),
    timeoutMs: REQUEST_TIMEOUT_MS,
    pathPrefix: env['PATH_PREFIX'],
    projectId: env['GCLOUD_PROJECT'] || undefined,
    clock: systemClock,
    newRequestId,
    log,
  });
}
