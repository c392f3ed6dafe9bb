import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

interface Socket {
  readonly send: (text: string) => void;
  readonly close: () => void;
  readonly on: (event: 'message' | 'close', listener: (event: { data: string }) => void) => void;
}
// The library that the client itself speaks WebSocket with; it has a server's side, and no types.
const WebSocket = createRequire(require.resolve('@firebase/database-compat/package.json'))(
  'faye-websocket',
) as new (request: IncomingMessage, socket: Duplex, head: Buffer) => Socket;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** What the database answers to a request, besides carrying it out. */
export type DatabaseFault = 'denied' | 'breaks after it is done';

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  return isNode(value) ? valueAt(value[key], rest) : null;
}

/** A node without children does not exist. */
function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const { [key]: child, ...others } = isNode(value) ? value : {};
  const next = replaced(child, rest, by);
  const node = next === null ? others : { ...others, [key]: next };
  return Object.keys(node).length === 0 ? null : node;
}

export interface RealtimeDatabase {
  readonly url: string;
  /** The whole tree. */
  content: unknown;
  /** For the next write; null for none. */
  fault: DatabaseFault | null;
  /** What was written, in order. */
  readonly writes: readonly string[];
  /** Resolves when no client is connected. */
  readonly left: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * A Realtime Database for one client that gets and sets, over its WebSocket protocol, version 5. Google
 * documents only what the client library does with it: PersistentConnection.ts in firebase-js-sdk. The
 * Database emulator wants Java and a download. Strict: any other action breaks the connection.
 */
export async function startRealtimeDatabase(): Promise<RealtimeDatabase> {
  const writes: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has such an address.
  const { port } = server.address() as AddressInfo;
  let leave = (): void => undefined;

  const database: RealtimeDatabase = {
    url: `http://127.0.0.1:${port}?ns=shop`,
    content: null,
    fault: null,
    writes,
    left: () =>
      new Promise((resolve) => {
        leave = resolve;
        if (sockets.size === 0) resolve();
      }),
    close: async () => {
      for (const socket of sockets) socket.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  /** The status and data of an answer; undefined: the connection breaks. */
  function answer(action: unknown, body: Node): { s: string; d: unknown } | undefined {
    const path = String(body['p']).split('/').filter(Boolean);
    switch (action) {
      case 's': // statistics
      case 'gauth': // credentials of an administrator
        return { s: 'ok', d: '' };
      case 'g':
        return { s: 'ok', d: valueAt(database.content, path) };
      case 'p': {
        const { fault } = database;
        database.fault = null;
        if (fault === 'denied') return { s: 'permission_denied', d: 'Permission denied' };
        writes.push(`${path.join('/')} = ${JSON.stringify(body['d'])}`);
        database.content = replaced(database.content, path, body['d']);
        return fault ? undefined : { s: 'ok', d: '' };
      }
      default:
        return undefined;
    }
  }

  server.on('upgrade', (request, stream, head) => {
    const socket = new WebSocket(request, stream, head);
    const send = (t: string, d: object) => {
      socket.send(JSON.stringify({ t, d }));
    };
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) leave();
    });
    socket.on('message', ({ data }) => {
      if (data === '0') return; // A sign of life.
      const { d } = JSON.parse(data) as { readonly d: { r: number; a: string; b: Node } };
      const b = answer(d.a, d.b);
      if (b) send('d', { r: d.r, b });
      else socket.close();
    });
    const host = `127.0.0.1:${port}`;
    send('c', { t: 'h', d: { ts: Date.now(), v: '5', h: host, s: 'a-session' } });
  });
  return database;
}
