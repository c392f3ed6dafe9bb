import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createAuth } from '../../src/auth/assemble';
import { createGateway } from '../../src/gateway/gateway';
import { answerWith } from '../../src/server/take-over';
import { DOCUMENTS, PROJECT } from '../gateway/support/gateway';
import { startUpstream, type Upstream } from '../gateway/support/upstream';

const ANNOUNCED = 50_000_000;
/** What may be on its way before the server stops reading: a few socket buffers. */
const MAX_RECEIVED = 1_000_000;

/**
 * Attack: bodies that are refused by their headers. Node would receive them at full speed to discard
 * them, and a few dozen callers fill an instance.
 */
describe('a large body that is not read', () => {
  let firestore: Upstream;
  let server: Server;
  let received: () => number;

  beforeAll(async () => {
    firestore = await startUpstream();
  });
  afterAll(() => firestore.close());
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function listen(target: 'auth' | 'gateway'): Promise<number> {
    server = createServer();
    const env = { GCLOUD_PROJECT: PROJECT, FIRESTORE_EMULATOR_HOST: firestore.host };
    const parameters = { TIKI_CLIENT_KEY: 'k', TIKI_CLIENT_SECRET: 'secret' };
    const log = () => undefined;
    answerWith(server, target === 'auth' ? createAuth(parameters) : createGateway(env, { log }));
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    received = () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Sends as much as the server takes until it closes the connection; resolves with the status. */
  function flood(port: number, head: readonly string[]): Promise<number> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1');
      const chunk = Buffer.alloc(64 * 1024, ' ');
      let left = ANNOUNCED;
      const write = (): void => {
        while (left > 0 && socket.writable) {
          left -= chunk.length;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on('drain', write).on('error', () => undefined);
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('close', () => {
        resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]));
      });
      socket.write(`${head.join('\r\n')}\r\nHost: a\r\nContent-Length: ${ANNOUNCED}\r\n\r\n`);
      write();
    });
  }

  it.each([
    ['auth', 'POST /auth_exchange HTTP/1.1', 413],
    ['auth', 'POST /nowhere HTTP/1.1', 404],
    ['auth', 'POST * HTTP/1.1', 404],
    ['gateway', `GET ${DOCUMENTS}/users/7 HTTP/1.1`, 200],
    ['gateway', `POST ${DOCUMENTS}:commit HTTP/1.1`, 413],
  ] as const)('is not received: %s %s', async (target, line, status) => {
    const port = await listen(target);
    const type = 'Content-Type: application/json';
    expect(await flood(port, [line, type])).toBe(status);
    expect(received()).toBeLessThan(MAX_RECEIVED);
  });
});
