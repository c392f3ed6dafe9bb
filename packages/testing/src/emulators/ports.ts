import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

export const LOOPBACK = '127.0.0.1';

export interface WantedPort {
  readonly service: string;
  readonly port: number;
}

/** A fixed port is in use by another process. */
export class BusyPortError extends Error {
  override readonly name = 'BusyPortError';
  constructor(readonly busy: readonly WantedPort[]) {
    const ports = busy.map(({ service, port }) => `${port} (${service})`).join(', ');
    super(`already in use: port ${ports}`);
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = net.createServer();
  try {
    server.listen({ host: LOOPBACK, port, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** Needed because macOS allows listening on 127.0.0.1 next to another process's wildcard listener. */
async function acceptsConnections(port: number): Promise<boolean> {
  const socket = net.connect({ host: LOOPBACK, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function isFree(port: number): Promise<boolean> {
  return !(await acceptsConnections(port)) && (await canListen(port));
}

/** @throws BusyPortError with all ports that are taken */
export async function requireFree(wanted: readonly WantedPort[]): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  const busy = wanted.filter((_, index) => free[index] === false);
  if (busy.length > 0) throw new BusyPortError(busy);
}

/**
 * Free ports, one for each name. Chosen below the ephemeral range (from 32768 on Linux, 49152
 * elsewhere), so that no outgoing connection takes one before it is used.
 */
export async function findFreePorts<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const found = new Map<number, Name>();
  for (const name of names) {
    let port: number;
    do port = randomInt(20_000, 32_000);
    while (found.has(port) || !(await isFree(port)));
    found.set(port, name);
  }
  // The loop above has found a port for every name.
  return Object.fromEntries([...found].map(([port, name]) => [name, port])) as Record<Name, number>;
}
