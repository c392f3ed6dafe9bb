import { request as httpRequest } from 'node:http';
import { startBackend, type TestBackend } from '../../backend/support/backend';
import { sendRaw } from '../../gateway/support/raw';

/** Attack: bodies without end, in either direction. */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const MAX_BYTES = 10 * 1024 * 1024;

it('refuses a body that is declared too long, before the service is called', async () => {
  const calls = backend.service.seen.length;
  const response = await fetch(`${backend.origin}/backend/a`, {
    method: 'POST',
    headers: backend.bearer(),
    body: Buffer.alloc(MAX_BYTES + 1),
  });
  expect(response.status).toBe(413);
  expect(backend.service.seen).toHaveLength(calls);
});

it('breaks a body off that turns out too long, so that the service sees no complete one', async () => {
  const calls = backend.service.seen.length;
  const status = await new Promise<number>((resolve, reject) => {
    const outgoing = httpRequest(
      `${backend.origin}/backend/a`,
      { method: 'POST', headers: { ...backend.bearer(), 'Transfer-Encoding': 'chunked' } },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    let answered = false;
    outgoing.on('response', () => (answered = true));
    outgoing.on('error', (error) => {
      if (!answered) reject(error);
    });
    outgoing.end(Buffer.alloc(MAX_BYTES + 1));
  });
  expect(status).toBe(413);
  expect(backend.service.seen).toHaveLength(calls);
});

it('refuses a compressed body, which could be any size', async () => {
  const response = await fetch(`${backend.origin}/backend/a`, {
    method: 'POST',
    headers: { ...backend.bearer(), 'Content-Encoding': 'gzip' },
    body: 'x',
  });
  expect(response.status).toBe(415);
});

it('refuses an answer that is declared too long', async () => {
  backend.service.answer((response) => {
    response.writeHead(200, { 'Content-Length': String(MAX_BYTES + 1) });
    response.write('x');
  });
  const response = await fetch(`${backend.origin}/backend/a`, { headers: backend.bearer() });
  expect(response.status).toBe(502);
});

it('breaks an answer off that turns out too long', async () => {
  backend.service.answer((response) => {
    response.writeHead(200);
    response.end(Buffer.alloc(MAX_BYTES + 1));
  });
  const response = await fetch(`${backend.origin}/backend/a`, { headers: backend.bearer() });
  await expect(response.arrayBuffer()).rejects.toThrow();
});

it('gives a service that does not answer only so long', async () => {
  const slow = await startBackend({}, 50);
  slow.service.answer(() => undefined);
  try {
    const response = await fetch(`${slow.origin}/backend/a`, { headers: slow.bearer() });
    expect(response.status).toBe(504);
  } finally {
    await slow.close();
  }
});

it('gives a caller only so long whose body never ends, and the service no request without an end', async () => {
  const impatient = await startBackend({}, 50);
  try {
    const answer = await sendRaw(
      impatient.origin,
      'POST /backend/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n' +
        `Authorization: ${impatient.bearer().Authorization}\r\n\r\n1\r\na\r\n`,
    );
    expect(answer.status).toBe(504);
    expect(impatient.service.seen).toEqual([]);
  } finally {
    await impatient.close();
  }
});
