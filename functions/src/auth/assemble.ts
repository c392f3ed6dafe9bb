import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import { createAppCheckMint } from '../google/app-check';
import { createMint } from '../google/custom-token';
import { openCredentials } from '../google/open-credentials';
import { isOnCloudRun, runtimeCredentials } from '../google/runtime-account';
import { sharedSigner, openSigner } from '../google/signer';
import type { Handler } from '../http/handler';
import { serve, type Service } from '../http/serve';
import { networks } from '../limits/networks';
import { inMemory, rateLimit } from '../limits/rate-limit';
import { requestClient } from '../limits/client-address';
import { inFirestore } from '../limits/store/in-firestore';
import { logFor } from '../log/write-log';
import { createTikiClient } from '../providers/tiki/client';
import { tikiProvider } from '../providers/tiki/provider';
import { VALIDATION_PATH, validationRoute } from '../providers/tiki/validation-file';
import type { Provider } from '../providers/provider';
import { openTraces } from '../traces/open-traces';
import { circuitBreaker, guardedBy, type Guarded } from '../upstream/circuit-breaker';
import { httpClient } from '../upstream/http-client';
import { createLogin } from './login';
import { parseAuthParameters, parseValidationFiles, type AuthParameters } from './parameters';
import { AUTH_PATHS, authRoutes, OPERATOR_PATHS, operatorRoutes } from './routes';

type Environment = Readonly<Record<string, string | undefined>>;

/** One request; shorter than any client waits. */
const REQUEST_TIMEOUT_MS = 8_000;

const projectOf = (env: Environment): string | undefined =>
  env['GCLOUD_PROJECT'] || env['GOOGLE_CLOUD_PROJECT'] || undefined;

/** Where another platform's provider would be chosen; see docs/contribute.md. */
function providerOf(
  parameters: AuthParameters,
  http: ReturnType<typeof httpClient>,
  guarded: Guarded,
): Provider {
  return tikiProvider(
    createTikiClient({
      baseUrl: parameters.TIKI_API_BASE_URL,
      credentials: {
        clientKey: parameters.TIKI_CLIENT_KEY,
        clientSecret: parameters.TIKI_CLIENT_SECRET[0],
      },
      http,
      guarded,
      clock: systemClock,
      random: Math.random,
    }),
  );
}

/** Puts the parts together with their effects: sockets, clock, randomness, signer, log. */
function assemble(env: Environment, openProvider: typeof providerOf): Service {
  const parameters = parseAuthParameters(env);
  const http = httpClient(systemClock);
  const breakers = {
    provider: circuitBreaker(systemClock),
    signer: circuitBreaker(systemClock),
    firestore: circuitBreaker(systemClock),
  };
  const provider = openProvider(
    parameters,
    http,
    guardedBy(systemClock, 'tiki-unavailable', 'Tiki', breakers.provider),
  );
  const projectId = projectOf(env);
  const runtime = runtimeCredentials(http, systemClock);
  const signer = sharedSigner(() =>
    openSigner({
      runtime,
      account: parameters.SIGNING_SERVICE_ACCOUNT,
      keyFile: env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined,
      projectId,
    }),
  );
  const appId = parameters.APP_CHECK_APP_ID;
  const login = createLogin({
    provider,
    mint: createMint(signer, guardedBy(systemClock, 'signing-unavailable', 'IAM', breakers.signer)),
    mintAppCheck:
      appId === undefined
        ? undefined
        : createAppCheckMint(
            signer,
            guardedBy(systemClock, 'upstream-unavailable', 'App Check'),
            appId,
          ),
    elapsed: systemClock.elapsed,
  });
  const isCountedInFirestore = parameters.RATE_LIMIT_STORE === 'firestore';
  // Also where a key file signs: its account need not have any role.
  const tokens = (
    isOnCloudRun(env) ? runtime : openCredentials(env, http, systemClock)
  ).accessTokens();
  const openLimiter = !isCountedInFirestore
    ? inMemory
    : inFirestore({
        projectId,
        emulatorHost: parameters.FIRESTORE_EMULATOR_HOST,
        secret: parameters.TIKI_CLIENT_SECRET[0],
        http,
        tokens,
        clock: systemClock,
        log: logFor(env),
        breaker: breakers.firestore,
      });
  const isTrustedProxy = networks(parameters.TRUSTED_PROXIES);
  return {
    routes: [
      ...authRoutes({
        login,
        tokensKey: parameters.TIKI_TOKENS_TO_CLIENT === 'true' ? provider.name : undefined,
        clientOf: (request) => requestClient(request, isTrustedProxy),
        rateLimit: rateLimit(parameters.RATE_LIMIT_PER_MINUTE, openLimiter),
        rateLimitStore: isCountedInFirestore ? 'firestore' : undefined,
        elapsed: systemClock.elapsed,
      }),
      validationRoute(() => parseValidationFiles(env)),
      ...operatorRoutes(async () => {
        const { createOperators, ownUrl } = await import('./operators.js');
        return createOperators({
          emails: parameters.OPERATOR_EMAILS,
          audience: ownUrl(env['EVENTARC_CLOUD_EVENT_SOURCE']),
          upstreams: () => ({
            signer: breakers.signer.state(),
            [provider.name]: breakers.provider.state(),
            firestore: isCountedInFirestore ? breakers.firestore.state() : undefined,
          }),
          required: ['signer', provider.name],
        });
      }),
    ],
    allowedOrigins: parameters.ALLOWED_ORIGINS,
    maxInFlight: parameters.MAX_IN_FLIGHT,
    secrets: parameters.TIKI_CLIENT_SECRET,
    afterwards:
      parameters.TRACES_ENDPOINT === undefined
        ? undefined
        : openTraces({
            endpoint: parameters.TRACES_ENDPOINT,
            service: env['K_SERVICE'] || 'auth',
            projectId,
            isBehindFrontEnd: isOnCloudRun(env),
            tokens,
            clock: systemClock,
            log: logFor(env),
          }),
  };
}

/**
 * The bridge as a request handler. Nothing is read or opened before the first request.
 *
 * @param openProvider Replaces Tiki in tests.
 */
export function createAuth(env: Environment, openProvider = providerOf): Handler {
  let service: Service | undefined;
  return serve({
    // The validation file only at the function's own address: Hosting leads it to the gateway.
    sources: [...AUTH_PATHS, VALIDATION_PATH, ...OPERATOR_PATHS],
    service: () => (service ??= assemble(env, openProvider)),
    timeoutMs: REQUEST_TIMEOUT_MS,
    pathPrefix: env['PATH_PREFIX'],
    projectId: projectOf(env),
    clock: systemClock,
    newRequestId: randomUUID,
    log: logFor(env),
  });
}
