import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Fault } from '@tiki-bridge/tiki-simulator/server';
import { json, startTestBridge, type TestBridge } from '../support/bridge';

describe('a login that fails at Tiki', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  it.each<[string, Fault, number, string]>([
    ['503', { kind: 'status', status: 503 }, 503, 'tiki-unavailable'],
    ['500', { kind: 'status', status: 500 }, 503, 'tiki-unavailable'],
    ['429', { kind: 'status', status: 429 }, 503, 'tiki-unavailable'],
    ['404', { kind: 'status', status: 404 }, 502, 'tiki-bad-response'],
    ['a reset', { kind: 'reset' }, 503, 'tiki-unavailable'],
    ['a reset after the headers', { kind: 'reset-after-headers' }, 503, 'tiki-unavailable'],
    ['a redirect', { kind: 'redirect' }, 502, 'tiki-bad-response'],
    ['garbage', { kind: 'garbage' }, 502, 'tiki-bad-response'],
    ['HTML', { kind: 'html' }, 502, 'tiki-bad-response'],
    ['nothing', { kind: 'empty' }, 502, 'tiki-bad-response'],
    ['wrong types', { kind: 'wrong-types' }, 502, 'tiki-bad-response'],
    ['too much', { kind: 'oversized', bytes: 70_000 }, 502, 'tiki-bad-response'],
    ['a compressed bomb', { kind: 'gzip-bomb', bytes: 50_000_000 }, 502, 'tiki-bad-response'],
    [
      'an envelope with 200',
      { kind: 'error-envelope', reason: 'invalid_code' },
      401,
      'invalid-code',
    ],
    [
      'an envelope with 500',
      { kind: 'error-envelope', reason: 'invalid_code', status: 500 },
      401,
      'invalid-code',
    ],
    ['an unknown reason', { kind: 'error-envelope', reason: 'new' }, 502, 'tiki-bad-response'],
    [
      'a refused signature',
      { kind: 'error-envelope', reason: 'invalid_signature' },
      500,
      'tiki-rejected-signature',
    ],
  ])('responds to %s with its code and no details', async (_, fault, status, code) => {
    const sent = bridge.simulator.calls.length;
    const response = await bridge.login({ customerId: '1', fault });
    const body = await json(response);
    expect([response.status, body['code']]).toEqual([status, code]);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.has('retry-after')).toBe(status === 503);
    // A code is single-use: it is not sent again after an ambiguous failure.
    expect(bridge.simulator.calls.length).toBe(sent + 1);
  });

  it('responds in time when Tiki hangs or responds slowly', async () => {
    const start = performance.now();
    const responses = await Promise.all([
      bridge.login({ customerId: '1', fault: { kind: 'hang' } }),
      bridge.login({ customerId: '2', fault: { kind: 'slow-body', ms: 30_000 } }),
    ]);
    for (const response of responses) {
      expect([response.status, (await json(response))['code']]).toEqual([504, 'tiki-timeout']);
    }
    expect(performance.now() - start).toBeGreaterThan(3_900);
  });

  it('accepts a late response within the timeout', async () => {
    const response = await bridge.login({ customerId: '1', fault: { kind: 'latency', ms: 300 } });
    expect(response.status).toBe(200);
  });

  it.each([200, 401])(
    'recognizes a refusal by its envelope when the status is %d',
    async (failureStatus) => {
      const other = await startTestBridge({ simulator: { failureStatus } });
      const response = await other.post('/auth_exchange', { code: 'unknown.code' });
      await other.close();
      expect([response.status, (await json(response))['code']]).toEqual([401, 'invalid-code']);
    },
  );

  it('responds in Vietnamese on request', async () => {
    const response = await bridge.post(
      '/auth_exchange',
      { code: 'unknown.code' },
      { headers: { 'Accept-Language': 'vi-VN,vi;q=0.9' } },
    );
    expect(response.headers.get('content-language')).toBe('vi');
    expect((await json(response))['detail']).toContain('Tiki từ chối mã xác thực');
  });
});

describe('a bridge that cannot reach Tiki', () => {
  // No server sees these attempts, but Node publishes each one on a diagnostics channel.
  const attempts: string[] = [];
  const note = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    attempts.push(`${request.method} ${request.path}`);
  };
  beforeAll(() => {
    subscribe('http.client.request.start', note);
  });
  afterAll(() => unsubscribe('http.client.request.start', note));

  it('reports a refused connection after two retries', async () => {
    const bridge = await startTestBridge({
      env: { TIKI_API_BASE_URL: 'http://127.0.0.1:1/tiniapp-open-api' },
    });
    const response = await bridge.post('/auth_exchange', { code: 'a.b' });
    await bridge.close();
    expect([response.status, (await json(response))['code']]).toEqual([503, 'tiki-unavailable']);
    expect(attempts).toEqual(Array(3).fill('POST /tiniapp-open-api/oauth/auth/token'));
  });
});

describe('a bridge that is misconfigured', () => {
  it.each([
    ['a missing key', { TIKI_CLIENT_KEY: '' }],
    ['a secret with a line break', { TIKI_CLIENT_SECRET: 'canary\n' }],
    ['a credentials file that is not there', { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere' }],
    [
      'a credentials file that is no credentials file',
      { GOOGLE_APPLICATION_CREDENTIALS: __filename },
    ],
  ])('says only that it is misconfigured, for %s', async (_, env) => {
    const bridge = await startTestBridge({ env });
    const response = await bridge.login({ customerId: '1' });
    await bridge.close();
    const body = await json(response);
    expect([response.status, body['code']]).toEqual([500, 'misconfigured']);
    expect(JSON.stringify(body)).not.toMatch(/canary|nowhere|TIKI_CLIENT/);
  });

  it('reports a server error when Tiki rejects the signature', async () => {
    const bridge = await startTestBridge({ env: { TIKI_CLIENT_SECRET: 'another-secret' } });
    const response = await bridge.login({ customerId: '1' });
    await bridge.close();
    const body = await json(response);
    expect([response.status, body['code']]).toEqual([500, 'tiki-rejected-signature']);
    expect(body['detail']).toBe(
      'The service is misconfigured. Its operator finds the reason in the log.',
    );
  });
});
