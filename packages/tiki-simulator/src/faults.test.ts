import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Fault, FaultRule } from './fault';
import {
  dataOf,
  http,
  post,
  reasonOf,
  simulatorForEachTest,
  type HttpRequest,
} from './test-client';

const EXCHANGE = '/oauth/auth/token';

describe('a fault', () => {
  const tiki = simulatorForEachTest();

  function issue(fault?: Fault, customerId = '1001') {
    const scopes = ['offline'];
    return tiki().issueAuthCode({ customerId, scopes, ...(fault && { fault }) }).authCode;
  }
  function exchange(code: string, request: HttpRequest = {}) {
    return post(tiki(), EXCHANGE, { code }, request);
  }
  /** An exchange with the fault; checks that the code is used up and the fault recorded. */
  async function exchangeWith(fault: Fault, request: HttpRequest = {}) {
    const code = issue(fault);
    try {
      return await exchange(code, request);
    } finally {
      expect(tiki().calls[0]?.outcome).toBe(`fault:${fault.kind}`);
      expect(reasonOf(await exchange(code))).toBe('invalid_code');
    }
  }

  it('latency answers correctly, later', async () => {
    const before = performance.now();
    const answer = await exchangeWith({ kind: 'latency', ms: 120 });
    expect(dataOf(answer)).toHaveProperty('customer.id', 1001);
    // A timer may fire a millisecond early by this clock.
    expect(performance.now() - before).toBeGreaterThanOrEqual(118);
  });

  it('hang reads the request and never answers', async () => {
    const controller = new AbortController();
    const call = exchangeWith({ kind: 'hang' }, { signal: controller.signal });
    while (tiki().calls.length === 0) await nextTurn();
    // An answer would have arrived before the one to this next call.
    await post(tiki(), '/oauth/me', { access_token: 'unknown' });
    controller.abort();
    await expect(call).rejects.toThrow('aborted');
  });

  it('slow-body sends half at once and the rest within its time', async () => {
    const chunks: string[] = [];
    const onChunk = (chunk: Buffer) => chunks.push(chunk.toString());
    const answer = await exchangeWith({ kind: 'slow-body', ms: 60 }, { onChunk });
    expect(dataOf(answer)).toHaveProperty('customer.id', 1001);
    expect(chunks.length).toBeGreaterThan(2);
    expect(() => JSON.parse(chunks[0] ?? '') as unknown).toThrow();
  });

  it('slow-body outlasts a client that aborts', async () => {
    const controller = new AbortController();
    const onChunk = () => {
      controller.abort();
    };
    const call = exchangeWith(
      { kind: 'slow-body', ms: 600_000 },
      { onChunk, signal: controller.signal },
    );
    await expect(call).rejects.toThrow('aborted');
  });

  it('status sends that status without an envelope', async () => {
    const bare = await exchangeWith({ kind: 'status', status: 503 });
    expect([bare.status, bare.body, bare.headers['retry-after']]).toEqual([503, '', undefined]);
    const fault = { kind: 'status', status: 429, body: 'slow down', retryAfterSeconds: 7 } as const;
    const told = await exchangeWith(fault);
    expect([told.status, told.body, told.headers['retry-after']]).toEqual([429, 'slow down', '7']);
  });

  it('reset ends the connection before the answer', async () => {
    await expect(exchangeWith({ kind: 'reset' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('reset-after-headers ends it within the body', async () => {
    const chunks: string[] = [];
    const onChunk = (chunk: Buffer) => chunks.push(chunk.toString());
    const call = exchangeWith({ kind: 'reset-after-headers' }, { onChunk });
    await expect(call).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(chunks).toEqual(['{']);
  });

  it('redirect points into the Open API by default', async () => {
    const { status, headers } = await exchangeWith({ kind: 'redirect' });
    expect([status, headers.location]).toEqual([302, '/tiniapp-open-api/redirected']);
    await http(`${tiki().origin}${headers.location ?? ''}`, { method: 'GET' });
    expect(tiki().calls.at(-1)).toMatchObject({ path: '/redirected', outcome: 'not_found' });
  });

  it('redirect points to the given location', async () => {
    const fault = { kind: 'redirect', location: 'https://example.com/' } as const;
    expect((await exchangeWith(fault)).headers.location).toBe('https://example.com/');
  });

  it('garbage has the JSON type but is not JSON', async () => {
    const answer = await exchangeWith({ kind: 'garbage' });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(() => JSON.parse(answer.body) as unknown).toThrow();
  });

  it('html is a page with status 200', async () => {
    const answer = await exchangeWith({ kind: 'html' });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });

  it('empty has no body', async () => {
    const answer = await exchangeWith({ kind: 'empty' });
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '0', '']);
  });

  it('wrong-types keeps the shape and changes the types', async () => {
    expect(dataOf(await exchangeWith({ kind: 'wrong-types' }))).toMatchObject({
      customer: { id: '1001' },
      expires_in: '3600',
      scopes: 'offline',
    });
  });

  it.each(['1e3', '0', '-5', '9007199254740993', 'true', '1.0', 'null', '"1"', '007'])(
    'customer-id puts %s into the answer unchanged',
    async (json) => {
      const answer = await exchangeWith({ kind: 'customer-id', json });
      expect(answer.body).toContain(`"customer":{"id":${json},"name":`);
    },
  );

  it('missing-customer still issues a token for /oauth/me', async () => {
    const data = dataOf(await exchangeWith({ kind: 'missing-customer' }));
    expect(data).not.toHaveProperty('customer');
    const profile = await post(tiki(), '/oauth/me', { access_token: data.access_token });
    expect(dataOf(profile)).toMatchObject({ customer_id: 1001 });
  });

  it('oversized is the correct answer, far too long and without Content-Length', async () => {
    const answer = await exchangeWith({ kind: 'oversized', bytes: 300_000 });
    expect(answer.body).toHaveLength(300_000);
    expect(answer.headers['content-length']).toBeUndefined();
    expect(dataOf(answer)).toHaveProperty('customer.id', 1001);
  });

  it('gzip-bomb is small on the wire and large unpacked', async () => {
    const answer = await exchangeWith({ kind: 'gzip-bomb', bytes: 5_000_000 });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.length).toBeLessThan(50_000);
    const unpacked = gunzipSync(Buffer.from(answer.body, 'latin1'));
    expect(unpacked).toHaveLength(5_000_000);
    expect(JSON.parse(unpacked.toString())).toHaveProperty('data.customer.id', 1001);
  });

  it('oversized stops when the client disconnects', async () => {
    const controller = new AbortController();
    const onChunk = () => {
      controller.abort();
    };
    const call = exchangeWith(
      { kind: 'oversized', bytes: 2 ** 30 },
      { onChunk, signal: controller.signal },
    );
    await expect(call).rejects.toThrow('aborted');
  });

  it('error-envelope is a failure with status 200', async () => {
    const answer = await exchangeWith({ kind: 'error-envelope', reason: 'invalid_code' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      { data: null, error: { code: 400, reason: 'invalid_code', message: 'simulated failure' } },
    ]);
  });

  it('error-envelope contains the given values', async () => {
    const metadata = { service_code: 'S1', request_id: 'R1' };
    const said = { reason: 'upstream_down', message: 'later', metadata };
    const answer = await exchangeWith({ kind: 'error-envelope', status: 502, ...said });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      502,
      { data: null, error: { code: 400, ...said } },
    ]);
  });

  it('raw sends exactly the given answer', async () => {
    const headers = { 'Content-Type': 'application/xml', 'X-Odd': '1' };
    const answer = await exchangeWith({ kind: 'raw', status: 418, headers, body: '<a/>' });
    expect([answer.status, answer.headers['x-odd'], answer.body]).toEqual([418, '1', '<a/>']);
  });

  it('raw keeps its own framing headers', async () => {
    const headers = { 'Transfer-Encoding': 'chunked' };
    const answer = await exchangeWith({ kind: 'raw', status: 200, headers, body: '{}' });
    expect([answer.body, answer.headers['content-length']]).toEqual(['{}', undefined]);
  });

  it('bound to a code does not affect other logins', async () => {
    const codes = [issue({ kind: 'status', status: 503 }), issue(undefined, '1002'), issue()];
    const answers = await Promise.all(codes.map((code) => exchange(code)));
    expect(answers.map((answer) => answer.status)).toEqual([503, 200, 200]);
  });
});

describe('a fault rule', () => {
  const tiki = simulatorForEachTest();
  const UNAVAILABLE = { kind: 'status', status: 503 } as const;

  /** The statuses of `count` calls, which without a fault get a 400. */
  async function statuses(path: Parameters<typeof post>[1], count: number): Promise<number[]> {
    const seen: number[] = [];
    const key = { '/oauth/auth/token': 'code', '/oauth/me': 'access_token' }[path as string];
    for (let call = 0; call < count; call += 1) {
      const body = { [key ?? 'refresh_token']: 'unknown' };
      seen.push((await post(tiki(), path, body)).status);
    }
    return seen;
  }

  it.each<[string, FaultRule, readonly number[], readonly number[]]>([
    ['once', { path: EXCHANGE, fault: UNAVAILABLE }, [503, 400, 400], [400]],
    [
      'as often as configured',
      { path: EXCHANGE, times: 2, fault: UNAVAILABLE },
      [503, 503, 400],
      [400],
    ],
    ['on any path', { path: '*', times: 4, fault: UNAVAILABLE }, [503, 503, 503], [503]],
    ['until cleared', { path: '*', times: Infinity, fault: UNAVAILABLE }, [503, 503, 503], [503]],
  ])('strikes %s', async (_often, rule, exchanges, profiles) => {
    tiki().setFault(rule);
    expect(await statuses(EXCHANGE, 3)).toEqual(exchanges);
    expect(await statuses('/oauth/me', 1)).toEqual(profiles);
    tiki().clearFaults();
    expect(await statuses('/oauth/auth/token/refresh', 1)).toEqual([400]);
  });

  it('applies after those set before it', async () => {
    tiki().setFault({ path: EXCHANGE, fault: UNAVAILABLE });
    tiki().setFault({ path: '*', fault: { kind: 'status', status: 502 } });
    expect(await statuses(EXCHANGE, 3)).toEqual([503, 502, 400]);
  });

  it('that alters data waits for a call with that data', async () => {
    tiki().setFault({ path: '*', fault: { kind: 'customer-id', json: '1e3' } });
    expect(await statuses(EXCHANGE, 1)).toEqual([400]);
    const { authCode: code } = tiki().issueAuthCode({ customerId: '7', scopes: ['offline'] });
    expect((await post(tiki(), EXCHANGE, { code })).body).toContain('"id":1e3,');
  });

  it('also applies to /oauth/me', async () => {
    const { authCode: code } = tiki().issueAuthCode({ customerId: '7' });
    const { access_token } = dataOf(await post(tiki(), EXCHANGE, { code }));
    tiki().setFault({ path: '/oauth/me', fault: { kind: 'customer-id', json: '-5' } });
    tiki().setFault({ path: '/oauth/me', fault: { kind: 'wrong-types' } });
    const answers = [
      await post(tiki(), '/oauth/me', { access_token }),
      await post(tiki(), '/oauth/me', { access_token }),
    ];
    expect(answers[0]?.body).toContain('"customer_id":-5,');
    expect(answers[1]?.body).toContain('"customer_id":"7",');
  });

  it("has lower priority than the code's own fault", async () => {
    tiki().setFault({ path: EXCHANGE, fault: UNAVAILABLE });
    const fault = { kind: 'status', status: 500 } as const;
    const { authCode: code } = tiki().issueAuthCode({ customerId: '7', fault });
    expect((await post(tiki(), EXCHANGE, { code })).status).toBe(500);
    expect(await statuses(EXCHANGE, 2)).toEqual([503, 400]);
  });

  it('is validated when it is set', () => {
    const headers = { 'X-Bad': 'a\r\nb' };
    const rule = { path: '*', fault: { kind: 'raw', status: 200, headers, body: '' } } as const;
    expect(() => {
      tiki().setFault(rule);
    }).toThrow('headers must be an object of valid HTTP headers');
  });
});
