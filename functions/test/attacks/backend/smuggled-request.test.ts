import { startBackend, type TestBackend } from '../../backend/support/backend';
import { sendRaw } from '../../gateway/support/raw';

/**
 * Attack (request smuggling): a body that the service would read as a request of its own, whose answer
 * would go to the next user on the same connection.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\nX-Tiki-User: forged\r\n\r\n';

it.each(['GET', 'DELETE', 'POST', 'PUT', 'PATCH'])(
  'keeps a chunked body of %s a body',
  async (method) => {
    const calls = backend.service.seen.length;
    const { status } = await sendRaw(
      backend.origin,
      `${method} /backend/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
        `Authorization: ${backend.bearer().Authorization}\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    );
    expect(status).toBe(200);
    const next = await fetch(`${backend.origin}/backend/next`, { headers: backend.bearer() });
    expect(next.status).toBe(200);
    expect(backend.service.seen.slice(calls)).toMatchObject([
      { method, target: '/a', body: SMUGGLED },
      { method: 'GET', target: '/next', body: '' },
    ]);
  },
);
