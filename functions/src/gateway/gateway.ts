import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import type { Handler } from '../http/handler';
import { serve, type ServeOptions, type Service } from '../http/serve';
import { logFor } from '../log/write-log';
import { keptAliveSockets } from '../upstream/http-client';
import { withCircuitBreakers } from './circuit-breakers';
import { googleError } from './google-error';
import { GATEWAY_PATHS, gatewayRoutes, type GatewayEffects } from './routes';
import { parseGatewaySettings } from './settings';

/** One call to Google: shorter than a client waits, longer than a slow query takes. */
const CALL_TIMEOUT_MS = 10_000;
/** The body may take as long again before the call. */
const REQUEST_TIMEOUT_MS = 2 * CALL_TIMEOUT_MS;

/**
 * The form of an upload, 10 MiB at most: at 2 Mbit/s it takes 42 s. With the call after it below the
 * 60 s that Hosting waits and the function may take.
 */
const RECEIVE_MS = 45_000;

/**
 * The gateway as a request handler. Nothing is read or opened before the first request.
 *
 * @param effects Replace the real ones in tests.
 */
export function createGateway(
  env: Readonly<Record<string, string | undefined>>,
  effects: Partial<GatewayEffects & Pick<ServeOptions, 'clock' | 'log' | 'newRequestId'>> = {},
): Handler {
  const { clock = systemClock, log = logFor(env), newRequestId = randomUUID } = effects;
  let service: Service | undefined;
  function open(): Service {
    const settings = parseGatewaySettings(env);
    const routes = gatewayRoutes(settings, {
      asking: withCircuitBreakers(clock),
      sockets: keptAliveSockets(clock),
      timeoutMs: CALL_TIMEOUT_MS,
      receiveMs: RECEIVE_MS,
      ...effects,
    });
    const { allowedOrigins, maxInFlight } = settings;
    return { routes, allowedOrigins, maxInFlight, secrets: [] };
  }
  return serve({
    sources: GATEWAY_PATHS,
    service: () => (service ??= open()),
    problemMembers: googleError,
    timeoutMs: REQUEST_TIMEOUT_MS,
    pathPrefix: env['PATH_PREFIX'],
    projectId: env['GCLOUD_PROJECT'] || undefined,
    clock,
    newRequestId,
    log,
  });
}
