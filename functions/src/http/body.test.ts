import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Problem } from '../problem';
import { readBody } from './body';
import type { IncomingRequest } from './request';

/** Longer than any test takes: only a time-out that is meant may end a body. */
const NEVER_MS = 60_000;

/** Answers with the body's text or the problem; the path says how long the body may take, in ms. */
const bodies: Server = createServer((request, response) => {
  const timeoutMs = Number(request.url?.slice(1));
  readBody(request, { maxBytes: 10, timeoutMs }).then(
    (body) => response.end(`body ${String(body)}`),
    (error: unknown) => {
      const { code, extras } = error as Problem;
      response.end(`${code} ${JSON.stringify(extras.request ?? {})}`);
      outcomes.emit('problem', code);
    },
  );
});
const outcomes = new EventEmitter();

describe('readBody', () => {
  let port: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => bodies.listen(0, '127.0.0.1', resolve));
    ({ port } = bodies.address() as AddressInfo);
  });
  afterAll(() => {
    bodies.closeAllConnections();
    bodies.close();
  });

  const inChunks = (...chunks: readonly string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
        controller.close();
      },
    });
  const answerOf = async (body: string | ReadableStream<Uint8Array>) => {
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    return (await fetch(`http://127.0.0.1:${port}/${NEVER_MS}`, init)).text();
  };

  const halfABody = (timeoutMs: number) =>
    `POST /${timeoutMs} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n012`;

  it('gives a body as it came, up to the last byte that is allowed', async () => {
    expect(await answerOf('0123456789')).toBe('body 0123456789');
    expect(await answerOf(inChunks('01234', '56789'))).toBe('body 0123456789');
    expect(await answerOf('')).toBe('body ');
  });

  it('refuses one byte more, also where the length was not announced', async () => {
    expect(await answerOf('0123456789a')).toBe('payload-too-large {"maxBytes":10}');
    expect(await answerOf(inChunks('01234', '56789', 'a'))).toBe(
      'payload-too-large {"maxBytes":10}',
    );
  });

  it('does not wait for a body that does not come', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(halfABody(200));
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (data) => {
        resolve(data.toString());
      });
    });
    socket.destroy();
    expect(answer).toContain('invalid-request {"body":"incomplete"}');
  });

  it('ends with a caller that hangs up', async () => {
    const ended = once(outcomes, 'problem');
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(halfABody(NEVER_MS), () => {
        socket.destroy();
      });
    });
    expect(await ended).toEqual(['invalid-request']);
  });

  it('takes the bytes that a framework has read already, within the same limit', async () => {
    const read = (rawBody: Buffer) =>
      readBody({ rawBody } as unknown as IncomingRequest, { maxBytes: 10, timeoutMs: NEVER_MS });
    expect(String(await read(Buffer.from('0123456789')))).toBe('0123456789');
    await expect(read(Buffer.from('0123456789a'))).rejects.toMatchObject({
      code: 'payload-too-large',
    });
  });
});
