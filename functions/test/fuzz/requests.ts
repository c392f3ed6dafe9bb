import { METHODS } from 'node:http';
import fc from 'fast-check';

/** An arbitrary, mostly malformed request. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How the end of the body is indicated. */
  readonly framing: 'length' | 'chunks';
}

const routes = ['/auth_exchange', '/auth_refresh', '/auth_info'];
const visible = fc.stringMatching(/^[\x21-\x7e]{0,40}$/);

const method = fc.oneof(
  { weight: 20, arbitrary: fc.constant('POST') },
  { weight: 5, arbitrary: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE') },
  // CONNECT requests a tunnel and gets no normal response.
  { weight: 1, arbitrary: fc.constantFrom(...METHODS.filter((name) => name !== 'CONNECT')) },
);

const path = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...routes) },
  { weight: 2, arbitrary: fc.webPath() },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...routes), visible)
      .map(([route, rest]) => encodeURI(route + rest)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '//auth_exchange',
      '/auth_exchange?code=a',
      '/%61uth_exchange',
      '/..',
      '/%00',
      '/%25',
      // Invalid percent-encoding.
      '/%',
      '/%ff',
      '/auth_exchange/%c3',
      '/%u0041',
      // Handled by the framework.
      '/favicon.ico',
      '/robots.txt',
    ),
  },
);

const contentType = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
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
  },
  visible,
);

const contentEncoding = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'x'),
);

const headers = fc
  .record(
    {
      'content-type': contentType,
      'content-encoding': contentEncoding,
      'accept-language': fc.oneof(visible, fc.constantFrom('vi', 'en;q=x', 'vi;q=0.5,en;q=0.4')),
      origin: visible,
      'x-request-id': visible,
      'x-forwarded-for': visible,
      traceparent: visible,
      'x-cloud-trace-context': visible,
      authorization: visible,
    },
    { requiredKeys: ['content-type', 'content-encoding'] },
  )
  // Removes undefined values, also from the type.
  .map((record) =>
    Object.fromEntries(
      Object.entries(record).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      ),
    ),
  );

export const jsonBody = fc
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

const framing = fc.constantFrom('length' as const, 'length' as const, 'chunks' as const);

export const oddRequest = fc.record<OddRequest>({ method, path, headers, body, framing });
