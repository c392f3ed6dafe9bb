import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { problemOf } from '../../gateway/support/gateway';
import { listening } from '../../gateway/support/upstream';
import {
  FILE,
  formOf,
  FORM_TYPE,
  startStorageGateway,
  USER_TOKEN,
  type StorageGateway,
} from '../../gateway/support/storage';

const BODY = String(formOf({ body: 'x'.repeat(1_000_000) }));

/** Opens a connection and sends the beginning of an upload. */
async function begin(origin: string, body: string, address = '203.0.113.1'): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(
    `POST ${FILE} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${USER_TOKEN}\r\n` +
      `X-Forwarded-For: ${address}\r\nContent-Type: ${FORM_TYPE}\r\n` +
      `Content-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  return socket;
}

/** Waits on the event loop, not on a clock. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Attack: uploads that never end hold what others need. */
describe('uploads that take their time', () => {
  let started: StorageGateway;
  let release: () => void;
  beforeEach(() => {
    release = () => undefined;
  });
  afterEach(async () => {
    release();
    await started.close();
  });
  /** Google reads no upload before `release` is called. */
  const held = () => {
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    return () => opened;
  };

  it('are given up when the caller hangs up, and free both connections', async () => {
    started = await startStorageGateway();
    const socket = await begin(started.gateway.origin, BODY.slice(0, 500_000));
    await until(async () => (await started.storage.connections()) === 1);
    const entry = started.gateway.nextEntry();
    socket.destroy();

    expect(await entry).toMatchObject({ severity: 'INFO', status: 499 });
    await until(async () => (await started.storage.connections()) === 0);
    await until(() => started.storage.calls.length === 1);
    expect(started.storage.calls[0]?.outcome).toBe('broken off');
    expect(started.storage.files.size).toBe(0);
  });

  it.each([
    ['before the file', BODY.slice(0, 10)],
    ['within the file', BODY.slice(0, 500_000)],
    ['before the end of the form', BODY.slice(0, -4)],
  ])('are refused when the form does not arrive in time: %s', async (_, sent) => {
    started = await startStorageGateway({ receiveMs: 200 });
    const socket = await begin(started.gateway.origin, sent);

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*"code":"invalid-request"/);
    await until(async () => (await started.storage.connections()) === 0);
    expect(started.storage.files.size).toBe(0);
  });

  it('are given up when Google reads no further, which is not blamed on the caller', async () => {
    started = await startStorageGateway({ hold: held(), receiveMs: 300, timeoutMs: 300 });
    const answer = await started.upload(formOf({ body: Buffer.alloc(9_000_000) }));
    expect(await problemOf(answer)).toEqual([504, 'upstream-timeout']);
  });

  it('are given up when Google has the file and does not answer', async () => {
    started = await startStorageGateway({ hold: held(), timeoutMs: 200 });
    const answer = await started.upload(formOf({ body: 'x' }));
    expect(await problemOf(answer)).toEqual([504, 'upstream-timeout']);
  });

  it('keep nobody else out: four of one caller, and sixteen in all', async () => {
    started = await startStorageGateway();
    const { origin } = started.gateway;
    const refused = async (address: string) => {
      const socket = await begin(origin, BODY.slice(0, 1_000), address);
      return text(socket);
    };
    const slow: Socket[] = [];
    for (let count = 0; count < 4; count += 1) {
      slow.push(await begin(origin, BODY.slice(0, 1_000), '203.0.113.1'));
    }
    await until(async () => (await started.storage.connections()) === 4);
    expect(await refused('203.0.113.1')).toMatch(/^HTTP\/1\.1 503 [^]*"code":"overloaded"/);

    for (let count = 0; count < 12; count += 1) {
      slow.push(await begin(origin, BODY.slice(0, 1_000), `198.51.100.${count}`));
    }
    await until(async () => (await started.storage.connections()) === 16);
    expect(await refused('192.0.2.1')).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 2/i);

    // Other requests, and uploads again once one is over.
    expect((await started.gateway.post('/securetoken/v1/token', {})).status).toBe(200);
    slow[0]?.destroy();
    await until(async () => (await started.storage.connections()) === 15);
    const socket = await begin(origin, BODY, '192.0.2.1');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
    for (const each of slow) each.destroy();
  });
});

/** Google answers before it has the whole file, or not in HTTP. */
describe('answers to uploads', () => {
  let google: Server;
  let started: StorageGateway;
  async function behind(server: Server): Promise<void> {
    google = server;
    const host = await listening(google);
    started = await startStorageGateway({ env: { FIREBASE_STORAGE_EMULATOR_HOST: host } });
  }
  afterEach(async () => {
    await started.close();
    google.closeAllConnections();
    await new Promise((resolve) => google.close(resolve));
  });
  const json = { 'Content-Type': 'application/json' };

  it('that refuse early reach the caller, and the rest is not read', async () => {
    const body = '{"error":{"code":403,"message":"Permission denied."}}';
    await behind(createServer((_, response) => response.writeHead(403, json).end(body)));
    const socket = await begin(started.gateway.origin, BODY.slice(0, 500_000));
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain(body);
  });

  it('that succeed early are not believed', async () => {
    await behind(createServer((_, response) => response.writeHead(200, json).end('{}')));
    const socket = await begin(started.gateway.origin, BODY.slice(0, 500_000));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 502 [^]*"code":"upstream-bad-response"/);
  });

  const whole = () => started.upload(formOf({ body: 'x' }));

  it.each([301, 302, 308])('that redirect with %d are not followed', async (status) => {
    await behind(
      createServer((request, response) => {
        request.resume().on('end', () => {
          response.writeHead(status, { Location: 'https://evil.example/' }).end();
        });
      }),
    );
    expect(await problemOf(await whole())).toEqual([502, 'upstream-bad-response']);
  });

  it('that are pages become plain text', async () => {
    await behind(
      createServer((request, response) => {
        request.resume().on('end', () => {
          response.writeHead(503, { 'Content-Type': 'text/html' }).end('<script>1</script>');
        });
      }),
    );
    const answer = await whole();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      503,
      'text/plain; charset=utf-8',
    ]);
  });

  it('that break off are no answers', async () => {
    await behind(createServer((request) => request.socket.destroy()));
    expect(await problemOf(await whole())).toEqual([503, 'upstream-unavailable']);
  });
});
