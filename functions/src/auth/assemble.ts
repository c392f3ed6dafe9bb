import { randomUUID } from 'node:crypto';
import { write } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { parseConfig } from '../config';
import { createHandler, type Service } from '../http/handler';
import { createRoutes } from './routes';
import { createAppCheckMint } from '../google/app-check';
import { createMint } from '../google/custom-token';
import { createLogin } from './login';
import { isOnCloudRun, runtimeAccount } from '../google/runtime-account';
import { sharedSigner } from '../google/shared-signer';
import { openSigner } from '../google/signer';
import { guardedBy } from '../upstream/guarded';
import { httpClient } from '../upstream/http-client';
import { networks } from '../limits/networks';
import { inMemory, rateLimit } from '../limits/rate-limit';
import { inFirestore } from '../limits/store/in-firestore';
import { createTikiClient } from '../providers/tiki/client';
import { createTikiOauth } from '../providers/tiki/oauth';

type Environment = Readonly<Record<string, string | undefined>>;

/** Puts the parts together with the real world: sockets, clock, randomness, signer, log. */
function assemble(env: Environment): Service {
  const config = parseConfig(env);
  const projectId = env['GCLOUD_PROJECT'] || env['GOOGLE_CLOUD_PROJECT'] || undefined;
  const http = httpClient(systemClock);
  const client = createTikiClient({
    baseUrl: config.tiki.baseUrl,
    credentials: config.tiki,
    http,
    guarded: guardedBy(systemClock, 'tiki-unavailable', 'Tiki'),
    clock: systemClock,
    random: Math.random,
  });
  const keyFile = env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined;
  const runtime = runtimeAccount(http, systemClock);
  const signer = sharedSigner(() =>
    openSigner({
      runtime,
      account: config.signingServiceAccount,
      keyFile,
      projectId,
    }),
  );
  const login = createLogin({
    tiki: createTikiOauth(client),
    mint: createMint(signer, guardedBy(systemClock, 'signing-unavailable', 'IAM')),
    mintAppCheck: createAppCheckMint(
      signer,
      guardedBy(systemClock, 'upstream-unavailable', 'App Check'),
      config.appCheckAppId,
    ),
    elapsed: systemClock.elapsed,
  });
  return {
    routes: createRoutes(login, config),
    allowedOrigins: config.allowedOrigins,
    rateLimit: rateLimit(
      config.rateLimitPerMinute,
      config.rateLimitStore === 'memory'
        ? inMemory
        : inFirestore({
            projectId,
            emulatorHost: env['FIRESTORE_EMULATOR_HOST'] || undefined,
            secret: config.tiki.clientSecret,
            http,
            // Also where a key file signs: its account need not have any role.
            tokens: isOnCloudRun(env) ? runtime.tokens : undefined,
            clock: systemClock,
            log: write,
          }),
    ),
    isTrustedProxy: networks(config.trustedProxies),
    maxInFlight: config.maxInFlight,
    secrets: [config.tiki.clientSecret],
  };
}

/** The bridge as a request handler. Nothing is read or opened before the first request. */
export function createBridge(env: Environment) {
  let service: Service | undefined;
  return createHandler({
    service: () => (service ??= assemble(env)),
    clock: systemClock,
    newRequestId: randomUUID,
    log: write,
  });
}
