import { EventEmitter, once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'firebase-functions/https';
import { drainingOnTermination } from './drain';

/** Cloud Run kills an instance that long after SIGTERM. */
const KILLED_AFTER_MS = 10_000;

/** A process that is told to end, and timers that run when they are told to. */
function instance() {
  const exits: unknown[] = [];
  const waits: { readonly ms: number | undefined; readonly act: () => void }[] = [];
  const repeats: (() => void)[] = [];
  const process = Object.assign(new EventEmitter(), {
    exit: (code: unknown) => void exits.push(code),
  });
  // Known by what it does, as functions-framework's is.
  process.on('SIGTERM', function sendCrashResponse() {
    exits.push('crashed');
  });
  const timers = {
    setTimeout: (act: () => void, ms?: number) => void waits.push({ act, ms }),
    setInterval: (act: () => void) => void repeats.push(act),
  };
  return {
    exits,
    waits,
    repeats,
    terminate: () => process.emit('SIGTERM'),
    // As much of a process and of timers as draining uses; their other signatures are not called.
    process: process as unknown as NodeJS.Process,
    timers: timers as unknown as typeof globalThis,
  };
}

describe('draining on termination', () => {
  let server: Server;
  let arrived: Promise<unknown>;
  const fake = instance();

  /** Under way, and never answered. */
  beforeAll(async () => {
    const handler = drainingOnTermination<IncomingMessage>(
      () => new Promise<void>(() => undefined),
      fake.process,
      fake.timers,
    );
    server = createServer((incoming, outgoing) => {
      // The handler does nothing with its response, so it need not be Express's.
      void handler(incoming, outgoing as unknown as Response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    arrived = once(server, 'request');
    const { port } = server.address() as AddressInfo;
    request({ port, host: '127.0.0.1' })
      .on('error', () => undefined)
      .end();
    await arrived;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('waits for what is in flight, but not until it is killed', () => {
    fake.terminate();
    fake.repeats.forEach((act) => {
      act();
    });
    expect([fake.exits, server.listening]).toEqual([[], false]);
    expect(fake.waits).toHaveLength(1);
    const [last] = fake.waits;
    expect(last?.ms).toBeGreaterThanOrEqual(8_500);
    expect(last?.ms).toBeLessThan(KILLED_AFTER_MS);
    last?.act();
    expect(fake.exits).toEqual([0]);
  });
});
