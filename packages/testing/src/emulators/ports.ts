import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

export const LOOPBACK = '127.0.0.1';

export interface WantedPort {
  readonly service: string;
  readonly port: number;
}

/** A port that has to be this one is in use by somebody else. */
export class BusyPortError extends Error {
  override readonly name = 'BusyPortError';
  constructor(readonly busy: readonly WantedPort[]) {
    const ports = busy.map(({ service, port }) => `${port} (${service})`).join(', ');
    super(`in use already: port ${ports}`);
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

/** macOS lets one listen on 127.0.0.1 beside somebody else's wildcard listener: so knock, too. */
async function somebodyAnswers(port: number): Promise<boolean> {
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
  return !(await somebodyAnswers(port)) && (await canListen(port));
}

/** Throws {@link BusyPortError} naming every port that is taken. */
export async function requireFree(wanted: readonly WantedPort[]): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  const busy = wanted.filter((_, index) => free[index] === false);
  if (busy.length > 0) throw new BusyPortError(busy);
}

/**
 * Ports nobody listens on, one for each name. From below the range in which systems number outgoing
 * connections (32768 on Linux, 49152 elsewhere), so that none is taken between this answer and its
 * use.
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
  // Every name has got its port in the loop above.
  return Object.fromEntries([...found].map(([port, name]) => [name, port])) as Record<Name, number>;
}
