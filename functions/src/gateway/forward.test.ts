import { createServer, type AddressInfo } from 'node:net';
import { PassThrough, Readable, Writable } from 'node:stream';
import { systemClock } from '../clock';
import { Problem } from '../problem';
import { keptAliveSockets } from '../upstream/http-client';
import { ClientGone } from '../client-gone';
import { ask, relay } from './forward';

const { signal } = new AbortController();

describe('ask', () => {
  it('speaks TLS and nothing else where the address says https', async () => {
    const received: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('data', (chunk) => {
        received.push(chunk);
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Bound to TCP above.
    const { port } = server.address() as AddressInfo;
    const base = new URL(`https://127.0.0.1:${port}`);
    const call = {
      upstream: 'firestore' as const,
      base,
      path: '/canary',
      method: 'GET',
      headers: {},
      body: undefined,
    };
    const sockets = keptAliveSockets(systemClock);
    await expect(ask(call, sockets, signal)).rejects.toMatchObject({
      code: 'upstream-unavailable',
    });
    await new Promise((resolve) => server.close(resolve));
    const [handshake] = received;
    expect([handshake?.[0], Buffer.concat(received).includes('canary')]).toEqual([0x16, false]);
  });
});

describe('relay', () => {
  it('does not read ahead of a caller who takes nothing', async () => {
    let pulled = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          pulled += 64 * 1024;
          yield Buffer.alloc(64 * 1024);
        }
      })(),
    );
    // Takes the first chunk and is never done with it.
    const stalled = new Writable({ write: () => undefined });
    const hangUp = new AbortController();
    const relayed = relay(endless, stalled, hangUp.signal);
    for (let turn = 0; turn < 200; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(pulled).toBeLessThan(3 * 1024 * 1024);
    hangUp.abort(new ClientGone());
    await expect(relayed).rejects.toThrow(ClientGone);
  });

  it('notices a caller who was gone before it began', async () => {
    const gone = new PassThrough();
    gone.destroy();
    await expect(relay(Readable.from([Buffer.from('a')]), gone, signal)).rejects.toThrow(
      ClientGone,
    );
  });

  it.each([
    ['an error without a code', new Error('canary'), 'UNKNOWN'],
    ['a code that is none', Object.assign(new Error('canary'), { code: 'a b' }), 'UNKNOWN'],
    ['no error at all', 'canary', 'UNKNOWN'],
    ['a known code', Object.assign(new Error('canary'), { code: 'EPIPE' }), 'EPIPE'],
  ])('names %s by what is safe to log', async (_, thrown, name) => {
    const body = Readable.from(
      (function* () {
        yield Buffer.from('a');
        throw thrown as Error;
      })(),
    );
    const error: unknown = await relay(body, new PassThrough(), signal).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      code: 'upstream-unavailable',
      extras: { operator: { cause: `The connection to Google failed: ${name}` } },
    });
    expect(JSON.stringify(error)).not.toContain('canary');
  });
});
