import { Server } from 'node:http';
import type { Handler } from '../http/lazy-handler';
import type { IncomingRequest } from '../http/request';

/** Cloud Run kills an instance ten seconds after SIGTERM. */
const DRAIN_MS = 9_000;
const IDLE_CHECK_MS = 20;

type SignalProcess = Pick<NodeJS.Process, 'exit' | 'listeners' | 'off' | 'once'>;

/** functions-framework answers the latest request with a crash and exits, whatever is under way. */
function isFrameworks(listener: { toString(): string }): boolean {
  return listener.toString().includes('sendCrashResponse');
}

/** What draining needs of a server. */
type Drainable = Pick<Server, 'close' | 'closeIdleConnections'>;

function isServer(value: unknown): value is Drainable {
  return value instanceof Server;
}

/** What draining needs of the clock; so that a test need not wait. */
type Timers = Pick<typeof globalThis, 'setInterval' | 'setTimeout'>;

function drain(server: Drainable, process: SignalProcess, timers: Timers): void {
  const end = (): void => {
    process.exit(0);
  };
  server.close(end);
  // A connection that is kept alive becomes idle with its answer and would hold the server.
  timers.setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_CHECK_MS);
  timers.setTimeout(end, DRAIN_MS);
}

/**
 * Makes a handler's process end gracefully on SIGTERM under functions-framework: accept nothing
 * new, answer what is in flight, exit. Set up with the first request, when the framework has put
 * its own listener in place and the server is known; before that there is nothing to lose.
 */
export function drainingOnTermination<R extends Pick<IncomingRequest, 'socket'>>(
  handler: Handler<R>,
  process: SignalProcess,
  timers: Timers = globalThis,
): Handler<R> {
  let looked = false;
  return (request, response) => {
    if (!looked) {
      looked = true;
      // An undocumented property of a server's sockets, so it is looked at before it is believed.
      const server: unknown = request.socket && Reflect.get(request.socket, 'server');
      const frameworks = process.listeners('SIGTERM').filter(isFrameworks);
      if (isServer(server) && frameworks.length > 0) {
        frameworks.forEach((each) => process.off('SIGTERM', each));
        process.once('SIGTERM', () => {
          drain(server, process, timers);
        });
      }
    }
    return handler(request, response);
  };
}
