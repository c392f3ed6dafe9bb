import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** TCP to one address, past a watcher. */
export interface WatchedWay {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Is asked about each chunk, in either direction: whether it is passed on. */
  watch(isPassedOn: () => boolean): void;
  close(): Promise<void>;
}

/** @param to `host:port` */
export async function startWatchedWay(to: string): Promise<WatchedWay> {
  const [host = '', port] = to.split(':');
  const open = new Set<Socket>();
  let isPassedOn = () => true;

  function join(from: Socket, other: Socket): void {
    open.add(from);
    from.on('data', (chunk) => {
      if (isPassedOn()) other.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      open.delete(from);
      other.destroy();
    });
  }
  const server = createServer((caller) => {
    const called = connect(Number(port), host);
    join(caller, called);
    join(called, caller);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // It listens on TCP.
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: (watcher) => {
      isPassedOn = watcher;
    },
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
