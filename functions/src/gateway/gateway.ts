import { randomUUID } from 'node:crypto';
import { write } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { keptAliveSockets } from '../upstream/kept-alive-sockets';
import { withCircuitBreakers } from './circuit-breakers';
import { createGatewayHandler, type GatewayEffects } from './handler';
import { parseGatewaySettings, type GatewaySettings } from './settings';

/** One call to Google, whole: below the time a client waits, above a slow query's. */
const CALL_TIMEOUT_MS = 10_000;

/**
 * The gateway as a request handler. Nothing is read or opened before the first request.
 *
 * @param effects In place of the real world's.
 */
export function createGateway(
  env: Readonly<Record<string, string | undefined>>,
  effects: Partial<GatewayEffects> = {},
) {
  let settings: GatewaySettings | undefined;
  return createGatewayHandler({
    settings: () => (settings ??= parseGatewaySettings(env)),
    asking: withCircuitBreakers(systemClock),
    sockets: keptAliveSockets(systemClock),
    clock: systemClock,
    timeoutMs: CALL_TIMEOUT_MS,
    newRequestId: randomUUID,
    log: write,
    ...effects,
  });
}
