import { gzipSync } from 'node:zlib';
import {
  DOCUMENTS,
  problemOf,
  startTestGateway,
  type TestGateway,
} from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';

/** Attack: bodies that cost more memory or money than any mini program needs. */
describe('oversized bodies', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  const LIMIT = 256 * 1024;
  const sized = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
  const send = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
    gateway.fetch(`${DOCUMENTS}:commit`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
    });

  it('are forwarded up to 256 KiB and rejected beyond', async () => {
    expect(sized(100)).toHaveLength(100);
    expect((await send(sized(LIMIT))).status).toBe(200);
    expect(gateway.firestore.seen.map(({ body }) => body.length)).toEqual([LIMIT]);
    expect(await problemOf(await send(sized(LIMIT + 1)))).toEqual([413, 'payload-too-large']);
    expect(gateway.firestore.seen).toHaveLength(1);
  });

  /** Sends a body in chunks of `size` bytes. */
  const sendInChunks = (body: string, size: number) => {
    const head = [
      `POST ${DOCUMENTS}:commit HTTP/1.1`,
      'Host: a',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Connection: close',
    ];
    const chunks: string[] = [];
    for (let at = 0; at < body.length; at += size) {
      const chunk = body.slice(at, at + size);
      chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    }
    return sendRaw(gateway.origin, `${head.join('\r\n')}\r\n\r\n${chunks.join('')}0\r\n\r\n`);
  };

  it('are rejected in single-byte chunks, whose overhead exceeds their content', async () => {
    const { status, text } = await sendInChunks(sized(3_000), 1);
    expect(status).toBe(413);
    expect(text).toContain('"code":"payload-too-large"');
    expect(gateway.firestore.seen).toEqual([]);
  });

  it('are forwarded in chunks as on a slow connection', async () => {
    const { status } = await sendInChunks(sized(LIMIT), Math.ceil(LIMIT / 200));
    expect(status).toBe(200);
    expect(gateway.firestore.seen.map(({ body }) => body)).toEqual([sized(LIMIT)]);
  });

  it('are not decompressed', async () => {
    const bomb = gzipSync(sized(LIMIT + 1));
    expect(bomb.length).toBeLessThan(1_000);
    const response = await send(bomb, { 'Content-Encoding': 'gzip' });
    expect(await problemOf(response)).toEqual([415, 'unsupported-media-type']);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it('are rejected for Firebase Auth as well', async () => {
    const response = await gateway.fetch('/securetoken/v1/token', {
      method: 'POST',
      body: sized(LIMIT + 1),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(await problemOf(response)).toEqual([413, 'payload-too-large']);
  });

  it('are not forwarded for methods without a body', async () => {
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`, {
      method: 'DELETE',
      body: sized(LIMIT),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(200);
    const [sent] = gateway.firestore.seen;
    expect([sent?.body, sent?.headers['content-length'], sent?.headers['content-type']]).toEqual([
      '',
      undefined,
      undefined,
    ]);
  });

  it.each(['', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'are rejected as %s',
    async (type) => {
      const response = await send('{}', { 'Content-Type': type });
      expect(await problemOf(response)).toEqual([415, 'unsupported-media-type']);
      expect(gateway.firestore.seen).toEqual([]);
    },
  );
});
