import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { createCallLog } from './call-log';
import { serveControlApi, type ControlledSimulator } from './control-api';
import { parseFaultRule } from './fault-input';
import { createFaultRules } from './fault-rules';
import type { FaultRule } from './fault';
import { createGrantStore } from './grants';
import { parseIssueAuthCode } from './issue-input';
import { createOpenApi } from './open-api';
import { createPayments } from './payments';
import { API_PATH } from './request-check';
import { serveOpenApi } from './serve-open-api';
import type { TikiSimulator, TikiSimulatorOptions } from './types';

// The simulator's public API.
export type * from './fault';
export type * from './ipn/message-fault';
export type * from './ipn/notifier';
export type * from './orders/order';
export type * from './orders/payment';
export type * from './orders/shop';
export type * from './types';

const MINUTE_MS = 60_000;

/**
 * Starts a strict stand-in for Tiki's Open API on a real socket.
 *
 * Rejects with the error of `listen` (`EADDRINUSE`, `EACCES`) if the port is not available.
 *
 * @example
 * const tiki = await startTikiSimulator({ clientKey: 'key', clientSecret: 'secret' });
 * const { authCode } = tiki.issueAuthCode({ customerId: '1001', scopes: ['offline'] });
 * // … let the backend exchange authCode at tiki.apiBaseUrl …
 * await tiki.close();
 */
export async function startTikiSimulator(options: TikiSimulatorOptions): Promise<TikiSimulator> {
  const { clientKey, clientSecret, host = '127.0.0.1', port = 0, now = Date.now } = options;
  const codeLifetimeMs = options.codeLifetimeMs ?? 5 * MINUTE_MS;
  const accessTokenLifetimeMs = options.accessTokenLifetimeMs ?? 60 * MINUTE_MS;
  const timestampToleranceMs = options.timestampToleranceMs ?? 5 * MINUTE_MS;

  const log = createCallLog(now, options.onCall);
  const faults = createFaultRules<FaultRule>();
  const payments = createPayments(options);
  const grants = createGrantStore({
    now,
    randomText: () => randomBytes(32).toString('base64url'),
    codeLifetimeMs,
    accessTokenLifetimeMs,
  });
  const decide = createOpenApi({
    clientKey,
    clientSecret,
    timestampToleranceMs,
    grants,
    ...payments.calls,
    faults,
    now,
    failureStatus: options.failureStatus ?? 400,
    newRequestId: randomUUID,
  });

  const server = createServer((request, response) => {
    const served = /^\/simulator([/?]|$)/.test(request.url ?? '')
      ? serveControlApi(request, response, simulator)
      : serveOpenApi(request, response, { decide, log, now });
    served.catch((bug: unknown) => {
      console.error('Tiki simulator: internal error.', bug);
      response.destroy();
    });
  });
  // Longer than clients keep idle connections, so that the client closes them.
  server.keepAliveTimeout = 2 * MINUTE_MS;
  const sockets = trackSockets(server);
  const origin = await listen(server, host, port);
  const apiBaseUrl = `${origin}${API_PATH}`;

  // Input from this process is parsed as well: types cannot exclude an invalid customer id.
  const simulator: TikiSimulator & ControlledSimulator = {
    ...payments.controls,
    origin,
    apiBaseUrl,
    calls: log.calls,
    issueAuthCode(request) {
      const { customerId, scopes = [], fault, ...rest } = parseIssueAuthCode(request);
      const customerName = rest.customerName ?? `Customer ${customerId}`;
      return {
        authCode: grants.issueCode({ customerId, customerName, scopes }, fault),
        authSuccessScopes: scopes,
        authErrorScopes: {},
      };
    },
    setFault(rule) {
      const parsed = parseFaultRule(rule);
      if (parsed.path === 'ipn') payments.messageFaults.add(parsed);
      else faults.add(parsed);
    },
    clearFaults: () => faults.clear() + payments.messageFaults.clear(),
    health: () => ({
      status: 'ok',
      apiBaseUrl,
      clientKey,
      codeLifetimeMs,
      accessTokenLifetimeMs,
      timestampToleranceMs,
      ipnUrl: payments.ipnUrl() ?? null,
    }),
    openSockets: () => sockets.open.size,
    connectionsAccepted: () => sockets.accepted(),
    close: () => {
      payments.close();
      return close(server, sockets.open);
    },
  };
  return simulator;
}

function trackSockets(server: Server) {
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return { open, accepted: () => accepted };
}

/** Resolves with the server's origin. */
function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      // A string is the path of a pipe, which is not used here.
      if (address === null || typeof address === 'string') {
        reject(new Error('no TCP address'));
        return;
      }
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve(`http://${name}:${address.port}`);
    });
  });
}

async function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    // Node reports an error when closing twice, which is harmless.
    server.close(() => {
      resolve();
    });
  });
  const gone = [...open].map(
    (socket) =>
      new Promise<void>((resolve) => {
        socket.once('close', () => {
          resolve();
        });
        socket.destroy();
      }),
  );
  await Promise.all([stopped, ...gone]);
}
