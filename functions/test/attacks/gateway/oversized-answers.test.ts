import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import {
  DOCUMENTS,
  problemOf,
  startTestGateway,
  type TestGateway,
} from '../../gateway/support/gateway';

/** Attack: a query whose response exceeds the memory of an instance. */
describe('oversized answers', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  const LIMIT = 4 * 1024 * 1024;
  const JSON_TYPE = { 'Content-Type': 'application/json' };
  const get = () => gateway.fetch(`${DOCUMENTS}/users`);

  /** Writes endlessly, and counts the bytes. */
  function flood(response: ServerResponse): { bytes: number } {
    const written = { bytes: 0 };
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const more = () => {
      if (response.destroyed) return;
      written.bytes += chunk.length;
      if (response.write(chunk)) setImmediate(more);
    };
    response.on('drain', more);
    response.writeHead(200, JSON_TYPE);
    more();
    return written;
  }

  it('are rejected by their Content-Length', async () => {
    gateway.firestore.answer((response) => {
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': String(LIMIT + 1) });
      response.write('[');
    });
    const response = await get();
    const { code, detail } = (await response.json()) as Record<string, string>;
    expect([response.status, code]).toEqual([502, 'upstream-bad-response']);
    // It would be as long the next time.
    expect(detail).toMatch(/larger than 4 MiB\. Ask for fewer documents/);
    expect(detail).not.toMatch(/again/i);
  });

  it('are aborted without one, so that no partial response looks complete', async () => {
    let written = { bytes: 0 };
    gateway.firestore.answer((response) => (written = flood(response)));
    const before = process.memoryUsage().arrayBuffers;
    const response = await get();
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(written.bytes).toBeGreaterThan(LIMIT);
    // The amount in flight at the abort depends on kernel buffers.
    expect(written.bytes).toBeLessThan(LIMIT * 32);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('are forwarded completely up to 4 MiB', async () => {
    const body = `[${' '.repeat(LIMIT - 2)}]`;
    gateway.firestore.answer((response) => response.writeHead(200, JSON_TYPE).end(body));
    expect((await (await get()).text()).length).toBe(LIMIT);
  });

  it('are not decompressed: no encoding was requested', async () => {
    const packed = gzipSync('x'.repeat(LIMIT * 10));
    gateway.firestore.answer((response) =>
      response.writeHead(200, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }).end(packed),
    );
    expect(await problemOf(await get())).toEqual([502, 'upstream-bad-response']);
  });
});
