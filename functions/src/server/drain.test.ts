import { EventEmitter, once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drainOnTermination } from './drain';

/** Cloud Run kills an instance this long after SIGTERM. */
const KILLED_AFTER_MS = 10_000;

/** A process that can be told to end, and timers that are run by hand. */
function instance() {
  const exits: unknown[] = [];
  const waits: { readonly ms: number | undefined; readonly act: () => void }[] = [];
  const repeats: (() => void)[] = [];
  const process = Object.assign(new EventEmitter(), {
    exit: (code: unknown) => void exits.push(code),
  });
  const timers = {
    setTimeout: (act: () => void, ms?: number) => void waits.push({ act, ms }),
    setInterval: (act: () => void) => void repeats.push(act),
  };
  return {
    exits,
    waits,
    repeats,
    listen: (listener: () => void) => process.on('SIGTERM', listener),
    terminate: () => process.emit('SIGTERM'),
    // As much of a process and of timers as draining uses; their other signatures are not called.
    process: process as unknown as NodeJS.Process,
    timers: timers as unknown as typeof globalThis,
  };
}

describe('draining on termination', () => {
  let server: Server;
  const fake = instance();
  let ownSaw = 0;
  const own = () => {
    ownSaw += 1;
  };

  /** One request is in flight and never answered. */
  beforeAll(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    fake.listen(own);
    // The framework's, which comes later.
    fake.listen(() => {
      fake.exits.push('crashed');
    });
    drainOnTermination(
      fake.process,
      server,
      { own: new Set([own]), settled: () => Promise.resolve() },
      fake.timers,
    );
    const arrived = once(server, 'request');
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

  it('exits when no request has any work left, which may be after the last answer', async () => {
    const later = instance();
    const idle = createServer();
    idle.listen(0, '127.0.0.1');
    await once(idle, 'listening');
    let finish: () => void = () => undefined;
    const work = new Promise<void>((resolve) => (finish = resolve));
    const options = { own: new Set<unknown>(), settled: () => work };
    drainOnTermination(later.process, idle, options, later.timers);
    const closed = once(idle, 'close');
    later.terminate();
    await closed;
    expect(later.exits).toEqual([]);
    finish();
    await work;
    expect(later.exits).toEqual([0]);
  });

  it("keeps the code base's own listeners", () => {
    expect(ownSaw).toBe(1);
  });
});
