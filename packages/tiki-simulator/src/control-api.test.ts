import {
  createOrder,
  dataOf,
  http,
  post,
  reasonOf,
  simulatorForEachTest,
  type HttpRequest,
} from './test-client';
import type { AuthCodeGrant } from './types';

describe('the control API', () => {
  const tiki = simulatorForEachTest();

  function control(method: string, path: string, input?: unknown, request: HttpRequest = {}) {
    const headers = { 'Content-Type': 'application/json', ...request.headers };
    const body = input === undefined ? '' : JSON.stringify(input);
    return http(`${tiki().origin}/simulator${path}`, { method, body, ...request, headers });
  }
  function exchange(code: string) {
    return post(tiki(), '/oauth/auth/token', { code });
  }

  it('issues codes that can be exchanged', async () => {
    const asked = { customerId: '9007199254740993', customerName: 'Lan', scopes: ['offline'] };
    const answer = await control('POST', '/auth-codes', asked);
    expect(answer.status).toBe(200);
    const grant = JSON.parse(answer.body) as AuthCodeGrant;
    expect(grant).toMatchObject({ authSuccessScopes: ['offline'], authErrorScopes: {} });
    const exchanged = await exchange(grant.authCode);
    expect(exchanged.body).toContain('"customer":{"id":9007199254740993,"name":"Lan"}');
    expect(dataOf(exchanged)).toHaveProperty('refresh_token');
  });

  it('binds a fault to a code', async () => {
    const asked = { customerId: '1', fault: { kind: 'customer-id', json: '1e3' } };
    const answer = await control('POST', '/auth-codes', asked);
    const { authCode } = JSON.parse(answer.body) as AuthCodeGrant;
    expect((await exchange(authCode)).body).toContain('"customer":{"id":1e3,');
  });

  it('sets fault rules and clears them', async () => {
    const fault = { kind: 'status', status: 503 };
    const set = await control('POST', '/faults', { path: '*', times: 'Infinity', fault });
    expect(JSON.parse(set.body)).toEqual({ path: '*', times: 'Infinity', fault });
    expect((await exchange('a.b')).status).toBe(503);
    expect((await exchange('a.b')).status).toBe(503);
    expect(JSON.parse((await control('DELETE', '/faults')).body)).toEqual({ cleared: 1 });
    expect((await exchange('a.b')).status).toBe(400);
  });

  it('lists calls with their secrets masked', async () => {
    const { authCode } = tiki().issueAuthCode({ customerId: '1', scopes: ['offline'] });
    const { access_token, refresh_token = '' } = dataOf(await exchange(authCode));
    await post(tiki(), '/oauth/me', { access_token });
    await post(tiki(), '/oauth/auth/token/refresh', { refresh_token });
    await post(tiki(), '/oauth/me', `not JSON: ${access_token}`);

    const listed = await control('GET', '/calls');
    const { calls } = JSON.parse(listed.body) as { calls: unknown[] };
    expect(calls).toHaveLength(4);
    expect(calls[0]).toMatchObject({
      path: '/oauth/auth/token',
      outcome: 'ok',
      ms: expect.any(Number) as number,
      body: { code: `${authCode.slice(0, 8)}\u00e2\u0080\u00a6` },
    });
    expect(calls[3]).toMatchObject({
      outcome: 'invalid_request',
      problem: 'body must be a JSON object with the one key "access_token", a string',
    });
    const secrets = [authCode, access_token, refresh_token];
    for (const { signature } of tiki().calls) secrets.push(signature ?? 'missing');
    for (const secret of secrets) expect(listed.body).not.toContain(secret.slice(0, 9));
  });

  it('shows the last hundred calls', async () => {
    for (let call = 0; call < 101; call += 1) await exchange(`${call}.b`);
    const { calls } = JSON.parse((await control('GET', '/calls')).body) as {
      calls: { body: unknown }[];
    };
    expect(calls).toHaveLength(100);
    expect(calls[0]?.body).toEqual({ code: '1.b' });
  });

  it('pays orders, lets time pass, and shows orders and notifications', async () => {
    const [paid, left] = [await createOrder(tiki()), await createOrder(tiki())];
    const asJson = async (method: string, path: string, input?: unknown) =>
      JSON.parse((await control(method, path, input)).body) as Record<string, unknown>;

    const url = 'http://127.0.0.1:9/tiki_ipn';
    expect(await asJson('POST', '/ipn-url', { url })).toEqual({ url });
    expect(await asJson('POST', '/payments', { orderId: paid })).toEqual({ success: 'success' });
    const walked = { orderId: left, outcome: 'walked-away', customerId: '1001' };
    expect(await asJson('POST', '/payments', walked)).toEqual({ walkedAway: true });
    const advanceMs = 4 * 3_600_000;
    expect(await asJson('POST', '/time', { advanceMs })).toEqual({ advanceMs });
    expect(await asJson('POST', '/triggers', { status: 'processing' })).toMatchObject({
      order: { id: paid, status: 'processing' },
    });
    expect(await asJson('GET', '/orders')).toMatchObject({
      orders: [
        { id: paid, status: 'processing', paid: true, grandTotalVnd: 49_000 },
        { id: left, status: 'canceled', paid: false },
      ],
    });
    const listed = await control('GET', '/messages');
    const attempt = { at: expect.any(String) as string, outcome: 'network-failure' };
    expect(JSON.parse(listed.body)).toMatchObject({
      messages: [
        {
          orderId: paid,
          status: 'online_paid',
          state: 'waiting',
          attempts: [attempt, {}, {}, {}, {}],
        },
        { orderId: left, status: 'canceled', state: 'waiting', attempts: [attempt] },
      ],
    });
    for (const { headers } of tiki().messages) {
      expect(listed.body).not.toContain(headers['X-Tiniapp-Signature']);
    }
  });

  it('shows calls about orders in full', async () => {
    await createOrder(tiki());
    expect(JSON.parse((await control('GET', '/calls')).body)).toMatchObject({
      calls: [{ method: 'POST', path: '/order/multi-sku', body: { customer_id: '1001' } }],
    });
  });

  it('reports its configuration', async () => {
    expect(JSON.parse((await control('GET', '/health')).body)).toEqual({
      status: 'ok',
      apiBaseUrl: tiki().apiBaseUrl,
      clientKey: 'test-client-key',
      codeLifetimeMs: 300_000,
      accessTokenLifetimeMs: 3_600_000,
      timestampToleranceMs: 300_000,
      ipnUrl: null,
    });
  });

  it.each([
    ['/auth-codes', [], 'the request must be a JSON object'],
    ['/auth-codes', {}, 'customerId must be a string'],
    ['/auth-codes', { customerId: 1001 }, 'customerId must be a string'],
    ['/auth-codes', { customerId: '0' }, 'customerId must be a positive int64'],
    ['/auth-codes', { customerId: '1', scopes: 'offline' }, 'scopes must be an array of strings'],
    ['/auth-codes', { customerId: '1', name: 'Lan' }, 'the request has no "name"'],
    ['/auth-codes', { customerId: '1', fault: 'hang' }, 'fault must be a JSON object'],
    ['/auth-codes', { customerId: '1', fault: { kind: 'nap' } }, 'fault has no kind "nap"'],
    [
      '/auth-codes',
      { customerId: '1', fault: { kind: 'latency', ms: -1 } },
      'ms must be a whole number from 0 to 2147483647',
    ],
    ['/auth-codes', { customerId: '1', fault: { kind: 'hang', ms: 5 } }, 'fault has no "ms"'],
    ['/faults', { path: '/orders', fault: { kind: 'hang' } }, 'path must be "*", "ipn" or one of'],
    ['/faults', { path: 'ipn', fault: { kind: 'hang' } }, 'fault of "ipn" has no kind "hang"'],
    [
      '/faults',
      { path: '/order', fault: { kind: 'order' } },
      'members must be an object of strings',
    ],
    ['/payments', { orderId: '1', outcome: 'free' }, 'outcome must be one of paid, canceled'],
    ['/triggers', { status: 'paid' }, 'status must be one of draft, waiting_for_payment'],
    ['/triggers', { status: 'online_paid' }, 'no order can become online_paid'],
    ['/triggers', { status: 'online_paid', orderId: '1' }, 'there is no order 1'],
    ['/ipn-url', { url: 'tiki_ipn' }, 'the IPN URL must be a URL'],
    ['/ipn-url', { url: 'http://example.com/tiki_ipn' }, 'must be one of this machine'],
    ['/ipn-url', { url: 'https://127.0.0.1/tiki_ipn' }, 'must be one of this machine'],
    ['/time', { advanceMs: -1 }, 'advanceMs must be a whole number'],
    ['/faults', { path: '*', times: 0, fault: { kind: 'hang' } }, 'times must be a whole number'],
    ['/faults', { path: '*' }, 'fault must be a JSON object'],
    [
      '/faults',
      { path: '*', fault: { kind: 'redirect', location: 'a\nb' } },
      'location must be a valid HTTP header value',
    ],
    [
      '/faults',
      { path: '*', fault: { kind: 'error-envelope', reason: 'x', metadata: { a: 1 } } },
      'metadata must be an object of strings',
    ],
  ])('answers 400 at %s for %j', async (path, input, error) => {
    const answer = await control('POST', path, input);
    expect(answer.status).toBe(400);
    expect((JSON.parse(answer.body) as { error: string }).error).toContain(error);
  });

  it.each<[string, string, HttpRequest, number]>([
    ['POST', '/auth-codes', { body: '{' }, 400],
    ['POST', '/auth-codes', { headers: { 'Content-Type': 'text/plain' }, body: '{}' }, 415],
    ['POST', '/auth-codes', { body: ' '.repeat(1024 * 1024 + 1) }, 413],
    ['GET', '/auth-codes', {}, 405],
    ['PATCH', '/auth-codes', {}, 405],
    ['GET', '/', {}, 404],
    ['GET', '/tokens', {}, 404],
    ['GET', '/health?verbose', {}, 200],
  ])('answers %s %s properly (%#)', async (method, path, request, status) => {
    expect((await control(method, path, undefined, request)).status).toBe(status);
  });

  it.each([
    'evil.example',
    'evil.example:9010',
    '127.0.0.1.evil.example',
    'localhost.evil',
    '10.0.0.1',
  ])('refuses the host %s, which a rebound name would bring', async (host) => {
    const answer = await control('POST', '/auth-codes', { customerId: '1' }, { headers: { host } });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('authCode');
  });

  it.each(['localhost:9010', 'LOCALHOST', '127.0.0.1', '[::1]:9010'])(
    'accepts the host %s',
    async (host) => {
      expect((await control('GET', '/health', undefined, { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    'https://evil.example',
    'http://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1:5002.evil.example',
    'http://evil@127.0.0.1',
    'null',
  ])('refuses pages of %s and issues them nothing', async (origin) => {
    const fault = { path: '*', fault: { kind: 'status', status: 503 } };
    const answer = await control('POST', '/faults', fault, { headers: { origin } });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect((await exchange('a.b')).status).toBe(400);
    const preflight = await control('OPTIONS', '/faults', undefined, { headers: { origin } });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['http://127.0.0.1:5002', 'http://localhost:5002', 'http://localhost'])(
    'serves pages of %s, including preflights',
    async (origin) => {
      const headers = { origin };
      const preflight = await control('OPTIONS', '/auth-codes', undefined, { headers });
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'Content-Type',
        vary: 'Origin',
      });
      const answer = await control('POST', '/auth-codes', { customerId: '1' }, { headers });
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, origin]);
      const refused = await control('POST', '/auth-codes', {}, { headers });
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
        400,
        origin,
      ]);
    },
  );

  it('is not recorded as calls of the Open API', async () => {
    await control('GET', '/health');
    expect(tiki().calls).toEqual([]);
    expect(reasonOf(await exchange('a.b'))).toBe('invalid_code');
    expect(tiki().calls).toHaveLength(1);
  });
});
