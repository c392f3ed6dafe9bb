import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { PROBLEMS } from '../../src/problem';
import { startTestBridge, type TestBridge } from '../support/bridge';

/** Ten thousand requests that nobody would write, over real sockets and kept-alive connections. */
const RUNS = 10_000;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Received {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const routes = ['/auth_exchange', '/auth_refresh', '/auth_info'];
const visible = fc.stringMatching(/^[\x21-\x7e]{0,40}$/);

const method = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...routes) },
  fc.webPath(),
  fc.tuple(fc.constantFrom(...routes), visible).map(([route, rest]) => encodeURI(route + rest)),
  fc.constantFrom(
    '//auth_exchange',
    '/auth_exchange?code=a',
    '/%61uth_exchange',
    '/..',
    '/%',
    '/%00',
  ),
);

const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'application/json;charset="x"',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
    'application/octet-stream',
    'application/cloudevents+json',
    ';',
    '/',
  ),
  visible,
);

const headers = fc
  .record(
    {
      'content-type': contentType,
      'content-encoding': fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'x'),
      'accept-language': fc.oneof(visible, fc.constantFrom('vi', 'en;q=x', 'vi;q=0.5,en;q=0.4')),
      origin: visible,
      'x-request-id': visible,
      'x-forwarded-for': visible,
      traceparent: visible,
      'x-cloud-trace-context': visible,
      authorization: visible,
    },
    { requiredKeys: ['content-type'] },
  )
  // A copy whose type knows that what is not there has no key.
  .map((record): Record<string, string> => Object.fromEntries(Object.entries(record)));

const jsonBody = fc
  .oneof(
    fc.record({ code: fc.jsonValue() }),
    fc.record({ code: visible, refresh_token: visible, access_token: visible }),
    fc.dictionary(
      fc.constantFrom('code', '__proto__', 'constructor', 'refresh_token'),
      fc.jsonValue(),
    ),
    fc.jsonValue(),
    fc.string({ unit: 'binary', maxLength: 6_000 }).map((code) => ({ code })),
  )
  .map((value) => Buffer.from(JSON.stringify(value)));

const body = fc.oneof(
  { weight: 4, arbitrary: jsonBody },
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(jsonBody, fc.nat()).map(([json, at]) => json.subarray(0, at % (json.length + 1))),
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.from('['.repeat(8_000)),
    Buffer.alloc(20_000, 'x'),
    Buffer.from('\ufeff{"code":"a"}'),
    Buffer.from('{"code":"a","code":"b"}'),
  ),
);

function send(origin: string, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      origin,
      { method: sent.method, path: sent.path, headers: sent.headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent.method === 'GET' ? undefined : sent.body);
  });
}

/** What the framework refuses before the function sees it: a path that cannot be decoded. */
const FRAMEWORK_STATUSES = [400];

describe('the HTTP border, under arbitrary requests', () => {
  let bridge: TestBridge;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    bridge = await startTestBridge();
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await bridge.close();
  });

  it('answers each with a documented code, and bad input never with 5xx', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.record<Sent>({ method, path, headers, body }), async (sent) => {
        const { status, type, body: text } = await send(bridge.origin, sent);
        if (type.startsWith('application/problem+json')) {
          const problem = JSON.parse(text) as { code: keyof typeof PROBLEMS; status: number };
          expect(PROBLEMS[problem.code].status).toBe(status);
          seen.set(problem.code, (seen.get(problem.code) ?? 0) + 1);
        } else {
          expect(FRAMEWORK_STATUSES).toContain(status);
        }
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: RUNS, seed: 20_261_122 },
    );
    expect(unhandled).toEqual([]);
    // The requests are of many kinds, not ten thousand times the same.
    expect([...seen.keys()].sort()).toEqual([
      'invalid-code',
      'invalid-request',
      'invalid-token',
      'method-not-allowed',
      'not-found',
      'payload-too-large',
      'unsupported-media-type',
    ]);
    // And it still works.
    expect((await bridge.login({ customerId: '7' })).status).toBe(200);
  }, 180_000);
});
