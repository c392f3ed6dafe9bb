import { randomUUID } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import { systemClock } from '../clock';
import { createMint } from '../google/custom-token';
import type { Credentials } from '../google/credentials';
import { openCredentials } from '../google/open-credentials';
import { isOnCloudRun, runtimeCredentials } from '../google/runtime-account';
import { openSigner, sharedSigner } from '../google/signer';
import type { Handler } from '../http/handler';
import { serve, type ServeOptions, type Service } from '../http/serve';
import { requestClient } from '../limits/client-address';
import { networks } from '../limits/networks';
import { inMemory, rateLimit } from '../limits/rate-limit';
import { inFirestore } from '../limits/store/in-firestore';
import { logFor } from '../log/write-log';
import { Problem } from '../problem';
import { TIKI_NAMING } from '../providers/tiki/naming';
import { guardedBy } from '../upstream/circuit-breaker';
import { httpClient, type HttpClient } from '../upstream/http-client';
import { createForgetDevices } from './devices';
import { createFirestoreCall } from './firestore-call';
import { createHandOvers } from './hand-overs';
import { openReader } from './open-reader';
import { notConfigured, parseSessionParameters, type SessionParameters } from './parameters';
import { SESSION_PATHS, sessionRoutes } from './routes';
import { createSessions, type Sessions } from './sessions';

/** One request; shorter than any client waits. */
const REQUEST_TIMEOUT_MS = 8_000;

/**
 * Loaded with the first call.
 *
 * @throws Problem `not-configured` where only some emulators run, since the call would leave for a
 *   project that does not exist.
 */
async function openFirestore(parameters: SessionParameters): Promise<Firestore> {
  const { FIREBASE_AUTH_EMULATOR_HOST: auth, FIRESTORE_EMULATOR_HOST: firestore } = parameters;
  if (auth !== undefined && firestore === undefined) {
    throw new Problem('not-configured', {
      operator: { cause: 'The emulators run without Firestore, which hand-over codes need' },
    });
  }
  const [{ applicationDefault, initializeApp }, { getFirestore }] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/firestore'),
  ]);
  const app = initializeApp(
    { projectId: parameters.GCLOUD_PROJECT, credential: applicationDefault() },
    `tiki-firebase-bridge-sessions-${randomUUID()}`,
  );
  return getFirestore(app);
}

/** @throws Problem `not-configured`, `misconfigured` */
function openSessions(
  parameters: SessionParameters,
  env: NodeJS.ProcessEnv,
  http: HttpClient,
  runtime: Credentials,
): Sessions {
  const projectId = parameters.GCLOUD_PROJECT;
  const { reader, users, cookies } = openReader(parameters, env, http, runtime);
  if (!cookies || parameters.WEB_ORIGINS.size === 0) throw notConfigured(parameters);
  const signer = sharedSigner(() =>
    openSigner({
      runtime,
      account: parameters.SIGNING_SERVICE_ACCOUNT,
      keyFile: env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined,
      projectId,
    }),
  );
  const call = createFirestoreCall(projectId, () => openFirestore(parameters));
  return createSessions({
    naming: TIKI_NAMING,
    webOrigins: parameters.WEB_ORIGINS,
    days: parameters.SESSION_DAYS,
    mint: createMint(signer, guardedBy(systemClock, 'signing-unavailable', 'IAM')),
    handOvers: createHandOvers({ ring: cookies.seal.ring, call, clock: systemClock }),
    forgetDevices: createForgetDevices(call),
    reader,
    users,
    cookies,
    clock: systemClock,
  });
}

function assemble(env: NodeJS.ProcessEnv): Service {
  const parameters = parseSessionParameters(env);
  const isTrustedProxy = networks(parameters.TRUSTED_PROXIES);
  const http = httpClient(systemClock);
  const runtime = runtimeCredentials(http, systemClock);
  const openLimiter =
    parameters.RATE_LIMIT_STORE === 'memory'
      ? inMemory
      : inFirestore({
          projectId: parameters.GCLOUD_PROJECT,
          emulatorHost: parameters.FIRESTORE_EMULATOR_HOST,
          secret: env['SESSION_KEYS'] ?? '',
          http,
          tokens: (isOnCloudRun(env)
            ? runtime
            : openCredentials(env, http, systemClock)
          ).accessTokens(),
          clock: systemClock,
          log: logFor(env),
        });
  const limit = rateLimit(parameters.RATE_LIMIT_PER_MINUTE, openLimiter);
  let sessions: Sessions | undefined;
  return {
    routes: sessionRoutes({
      sessions: () => (sessions ??= openSessions(parameters, env, http, runtime)),
      webOrigins: parameters.WEB_ORIGINS,
      limited: (request) => {
        const { address, hops, via } = requestClient(request, isTrustedProxy);
        return limit(address, hops, via);
      },
      callerOf: (request) => requestClient(request, isTrustedProxy).address,
    }),
    allowedOrigins: parameters.ALLOWED_ORIGINS,
    maxInFlight: parameters.MAX_IN_FLIGHT,
    secrets: (env['SESSION_KEYS'] ?? '').split('\n').filter((line) => line !== ''),
  };
}

/**
 * The function `sessions` as a request handler. Nothing is read or opened before the first request.
 *
 * @param effects Replace the real ones in tests.
 */
export function createSessionsHandler(
  env: NodeJS.ProcessEnv,
  effects: Partial<Pick<ServeOptions, 'log' | 'newRequestId'>> = {},
): Handler {
  const { log = logFor(env), newRequestId = randomUUID } = effects;
  let service: Service | undefined;
  return serve({
    sources: SESSION_PATHS,
    service: () => (service ??= assemble(env)),
    timeoutMs: REQUEST_TIMEOUT_MS,
    pathPrefix: env['PATH_PREFIX'],
    projectId: env['GCLOUD_PROJECT'] || undefined,
    clock: systemClock,
    newRequestId,
    log,
  });
}
