import type { Server } from 'node:http';

/** Cloud Run kills an instance ten seconds after SIGTERM. */
const DRAIN_MS = 9_000;
const IDLE_CHECK_MS = 20;

/** What draining uses of a process, a server and timers; small, so that a test can write it down. */
export type DrainedProcess = Pick<NodeJS.Process, 'exit' | 'listeners' | 'off' | 'once'>;
export type DrainedServer = Pick<Server, 'close' | 'closeIdleConnections'>;
export type Timers = Pick<typeof globalThis, 'setInterval' | 'setTimeout'>;

export interface DrainOptions {
  /** Listeners for SIGTERM that are not the framework's. */
  readonly own: ReadonlySet<unknown>;
  /** Resolves when no request has any work left, such as the export of its trace. */
  readonly settled: () => Promise<unknown>;
}

/**
 * Ends the process gracefully on SIGTERM: accepts nothing new, finishes what is in flight, exits.
 * functions-framework exits at once, whatever is in flight, so its listener is removed, and with it
 * any other that was added between the loading of the code base and the first request.
 */
export function drainOnTermination(
  process: DrainedProcess,
  server: DrainedServer,
  { own, settled }: DrainOptions,
  timers: Timers = globalThis,
): void {
  for (const listener of process.listeners('SIGTERM')) {
    if (!own.has(listener)) process.off('SIGTERM', listener);
  }
  process.once('SIGTERM', () => {
    const end = (): void => {
      process.exit(0);
    };
    server.close(() => void settled().then(end));
    // A kept-alive connection becomes idle with its answer and would keep the server open.
    timers.setInterval(() => {
      server.closeIdleConnections();
    }, IDLE_CHECK_MS);
    timers.setTimeout(end, DRAIN_MS);
  });
}
