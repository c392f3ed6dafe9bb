import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { systemClock, type Clock } from '../../clock';
import { guardedBy } from '../../upstream/circuit-breaker';
import { httpClient } from '../../upstream/http-client';
import { RETRY } from '../../upstream/retry';
import { createTikiClient, type TikiCall } from './client';
import { successEnvelope } from './outcome';

const call: TikiCall<unknown> = {
  path: '/oauth/me',
  body: { access_token: 'a' },
  answer: successEnvelope(z.unknown()),
  timeoutMs: 3_600_000,
  retry: RETRY.singleUse,
};
let callers = 0;
/** A request of somebody new, with so many ms left. */
const withLeft = (ms: number) => ({ deadline: () => ms, caller: `caller ${(callers += 1)}` });

/** A server and a client for it, both closed after the test. */
async function withServer<T>(
  listener: RequestListener,
  test: (client: ReturnType<typeof createTikiClient>, connections: () => number) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  let connections = 0;
  const server = createServer(listener).on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = httpClient(clock);
  const client = createTikiClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { clientKey: 'key', clientSecret: 'secret' },
    http,
    guarded: guardedBy(clock, 'tiki-unavailable', 'Tiki'),
    clock,
    random: () => 0,
  });
  try {
    return await test(client, () => connections);
  } finally {
    http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('createTikiClient', () => {
  it('sends nothing when the time is up already', async () => {
    let requests = 0;
    const outcome = await withServer(
      () => (requests += 1),
      (client) => client.call(call, withLeft(0)),
    );
    expect(outcome).toEqual({ kind: 'no-answer' });
    expect(requests).toBe(0);
  });

  it('waits for an attempt no longer than the whole request has left', async () => {
    const outcome = await withServer(
      () => undefined,
      (client) => client.call(call, withLeft(50)),
    );
    expect(outcome).toEqual({ kind: 'no-answer' });
  });

  it('signs each attempt with the time of its own sending', async () => {
    const timestamps: string[] = [];
    let now = 1_000;
    const clock: Clock = {
      ...systemClock,
      now: () => (now += 1),
      sleep: () => Promise.resolve(),
    };
    const outcome = await withServer(
      (request, response) => {
        timestamps.push(String(request.headers['x-tiniapp-timestamp']));
        response.statusCode = timestamps.length < 3 ? 503 : 200;
        response.end('{"data":1,"error":null}');
      },
      (client) => client.call({ ...call, retry: RETRY.read }, withLeft(60_000)),
      clock,
    );
    expect(outcome).toEqual({ kind: 'answer', data: 1n });
    expect(timestamps).toEqual(['1001', '1002', '1003']);
  });

  it.each([
    ['Thu, 26 Nov 2026 04:00:00 GMT', 600_000 - 500],
    ['Thu, 26 Nov 2026 04:20:00 GMT', -600_000 - 500],
    // Parsers bend such dates.
    ['Thu, 31 Nov 2026 04:00:00 GMT', undefined],
    ['2026-11-26', undefined],
    ['', undefined],
  ])('tells by the date %j of a refusal how far its own clock is off', async (date, aheadMs) => {
    const now = () => Date.parse('2026-11-26T04:10:00Z');
    const outcome = await withServer(
      (_request, response) => {
        response.sendDate = false;
        response.statusCode = 400;
        if (date !== '') response.setHeader('Date', date);
        response.end('{"data":null,"error":{"reason":"invalid_signature"}}');
      },
      (client) => client.call(call, withLeft(60_000)),
      { ...systemClock, now },
    );
    expect(outcome).toEqual({
      kind: 'refused',
      reason: 'invalid_signature',
      status: 400,
      ...(aheadMs !== undefined && { aheadMs }),
    });
  });

  it('reports an answer that is not HTTP as a wrong shape', async () => {
    const outcome = await withServer(
      (request) => request.socket.end('SSH-2.0-canary\r\n\r\n'),
      (client) => client.call(call, withLeft(60_000)),
    );
    expect(outcome).toEqual({ kind: 'wrong-shape', where: 'body' });
  });

  it('reports broken compression as a wrong shape', async () => {
    const outcome = await withServer(
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip');
        response.end('this is not gzip');
      },
      (client) => client.call(call, withLeft(60_000)),
    );
    expect(outcome).toEqual({ kind: 'wrong-shape', where: 'body' });
  });

  it('passes Retry-After on', async () => {
    const outcome = await withServer(
      (_, response) => {
        response.writeHead(503, { 'Retry-After': '3' }).end();
      },
      (client) => client.call(call, withLeft(60_000)),
    );
    expect(outcome).toEqual({ kind: 'unexpected-status', status: 503, retryAfterSeconds: 3 });
  });

  it('does not turn a bug of its own into an outcome', async () => {
    const broken: Clock = {
      ...systemClock,
      now: () => {
        throw new RangeError('broken clock');
      },
    };
    await expect(
      withServer(
        () => undefined,
        (client) => client.call(call, withLeft(60_000)),
        broken,
      ),
    ).rejects.toThrow('broken clock');
  });

  it('stops calling Tiki after twenty failures, and says for how long', async () => {
    let requests = 0;
    await withServer(
      (_, response) => {
        requests += 1;
        response.writeHead(500).end();
      },
      async (client) => {
        for (let i = 0; i < 20; i += 1) await client.call(call, withLeft(60_000));
        await expect(client.call(call, withLeft(60_000))).rejects.toMatchObject({
          code: 'tiki-unavailable',
          extras: { retryAfterSeconds: 15 },
        });
      },
      { ...systemClock, elapsed: () => 0 },
    );
    expect(requests).toBe(20);
  });

  it.each([
    ['refusals', 400, '{"data":null,"error":{"reason":"invalid_code"}}'],
    ['odd answers', 200, 'odd'],
    ['unknown statuses', 404, ''],
    ['limits', 429, ''],
    ['errors in its own envelope', 500, '{"data":null,"error":{"reason":"internal"}}'],
  ])('does not count %s as failures', async (_, status, body) => {
    let requests = 0;
    await withServer(
      (__, response) => {
        requests += 1;
        response.writeHead(status).end(body);
      },
      async (client) => {
        for (let i = 0; i < 30; i += 1) await client.call(call, withLeft(60_000));
      },
    );
    expect(requests).toBe(30);
  });

  it('does not trust a connection that has been idle for long', async () => {
    let elapsed = 0;
    const clock: Clock = { ...systemClock, elapsed: () => elapsed };
    const counts = await withServer(
      (_, response) => response.end('{"data":1}'),
      async (client, connections) => {
        const seen: number[] = [];
        for (const idleMs of [0, 3_900, 4_100]) {
          elapsed += idleMs;
          expect(await client.call(call, withLeft(60_000))).toMatchObject({ kind: 'answer' });
          seen.push(connections());
        }
        return seen;
      },
      clock,
    );
    expect(counts).toEqual([1, 1, 2]);
  });
});
