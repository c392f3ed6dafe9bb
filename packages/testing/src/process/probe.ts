import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** The resource usage of a process so far. */
export interface Usage {
  /** User and system time, milliseconds. */
  readonly cpuMs: number;
  readonly rssMiB: number;
  readonly peakRssMiB: number;
  readonly heapMiB: number;
}

export interface Probe {
  /** For `node --require` in the measured process. */
  readonly preload: string;
  readonly env: Readonly<Record<string, string>>;
  readonly usage: () => Promise<Usage>;
  /** Like `usage`, after a full garbage collection. */
  readonly usageAfterCollection: () => Promise<Usage>;
  readonly close: () => void;
}

/** Opens a port to which one measured process reports. */
export async function openProbe(): Promise<Probe> {
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a TCP port');

  async function ask(question: 'usage' | 'collect'): Promise<Usage> {
    const socket = await connected;
    if (socket.destroyed) throw new Error('The process under measurement has ended');
    socket.setEncoding('utf8').write(`${question}\n`);
    // A short line on loopback arrives in one chunk.
    const [line] = (await once(socket, 'data')) as [string];
    return JSON.parse(line) as Usage; // Written by report-usage.cjs.
  }

  return {
    preload: join(__dirname, 'report-usage.cjs'),
    env: { BENCH_PROBE: String(bound.port) },
    usage: () => ask('usage'),
    usageAfterCollection: () => ask('collect'),
    close: () => {
      server.close();
      void connected.then((socket) => socket.destroy());
    },
  };
}
