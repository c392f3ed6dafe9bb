import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import type { Handler } from '../http/handler';
import { drainOnTermination, type DrainedProcess } from './drain';
import { frameworkOptions, servedFunction, type FrameworkProcess } from './served-function';

/** Node publishes each request here, with its server, before it emits `request`. */
const REQUEST_START = 'http.server.request.start';

/**
 * A connection without a byte in either direction is closed, ms: a caller who never reads would hold
 * an answer's memory for ever. Longer than any answer takes; the framework sets no limit.
 */
const IDLE_SOCKET_MS = 30_000;

/** One of this package's public functions, as it is exported, and what answers its requests. */
export interface PublicFunction {
  readonly exported: unknown;
  readonly handler: Handler;
}

/** Resolves when the handlers of all requests are done, which may be later than their answers. */
export type Settled = () => Promise<unknown>;

/**
 * Answers every request of a server with `handler`. `checkExpectation` is Node's event for an
 * `Expect` header that it does not know, which a server may ignore (RFC 9110, 10.1.1).
 */
export function answerWith(server: Server, handler: Handler): Settled {
  const working = new Set<Promise<unknown>>();
  server.setTimeout(IDLE_SOCKET_MS);
  for (const event of ['request', 'checkExpectation']) {
    server.removeAllListeners(event);
    server.on(event, (...[request, response]: Parameters<Handler>) => {
      const work = handler(request, response)
        .catch(() => response.destroy())
        .finally(() => working.delete(work));
      working.add(work);
    });
  }
  return () => Promise.all(working);
}

/** Whether a server is the one that functions-framework listens with. */
function isFrameworks(server: Server, port: number): boolean {
  const address = server.address();
  return typeof address === 'object' && (port === 0 || address?.port === port);
}

/**
 * The one seam to functions-framework: with the first request, the `request` listener of its HTTP
 * server (Express) is replaced by one of these functions' own handler.
 *
 * In front of a function, the framework inflates, parses and prints bodies of up to 1 GB, answers
 * some paths by itself, opens a `node:domain` for each request, and exits on SIGTERM whatever is in
 * flight. With a listener of our own none of that happens, and bounds, raw bodies, the log and
 * draining need no further support.
 *
 * Only where the framework serves one of `functions`, by identity: code bases rename, group and
 * re-export them. Never in the Functions emulator, which needs Express to read the body first.
 * Where the server is not found, requests arrive through Express, see `throughExpress`.
 */
export function takeOver(
  functions: readonly PublicFunction[],
  host: FrameworkProcess & DrainedProcess,
): void {
  const { source, target, port } = frameworkOptions(host);
  if (target === undefined || host.env['FUNCTIONS_EMULATOR'] === 'true') return;
  let ownListeners: ReadonlySet<unknown> = new Set();
  // Once the code base is loaded, and before the framework listens and adds its own.
  queueMicrotask(() => {
    ownListeners = new Set(host.listeners('SIGTERM'));
  });
  const firstRequest = (message: unknown): void => {
    // Node documents these fields of the message.
    const { server, socket } = message as { readonly server: Server; readonly socket: Socket };
    if (!isFrameworks(server, port)) return;
    unsubscribe(REQUEST_START, firstRequest);
    const served = servedFunction(source, target);
    const ours = functions.find(({ exported }) => exported === served);
    if (!ours) return;
    const settled = answerWith(server, ours.handler);
    socket.setTimeout(IDLE_SOCKET_MS);
    drainOnTermination(host, server, { own: ownListeners, settled });
  };
  subscribe(REQUEST_START, firstRequest);
}

/**
 * A handler for requests that arrive through Express: correct, but slower and less bounded, and some
 * requests, such as malformed JSON, are answered by Express before it. Logs that once; expected only
 * in the Functions emulator.
 */
export function throughExpress(
  handler: Handler,
  env: NodeJS.ProcessEnv,
  log: (entry: LogEntry) => void,
): Handler {
  let said = env['FUNCTIONS_EMULATOR'] === 'true';
  return (request, response) => {
    if (!said) {
      log({
        severity: 'WARNING',
        message:
          "functions-framework's server was not found: requests go through Express, which reads " +
          'whole bodies first; use the version of @google-cloud/functions-framework that the ' +
          'package.json of tiki-firebase-bridge names',
      });
    }
    said = true;
    return handler(request, response);
  };
}
