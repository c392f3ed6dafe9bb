import { json, startTestBridge, type TestBridge } from '../support/bridge';
import { verifyRs256 } from '../support/jwt';

const customer = { customerId: '9007199254740993', customerName: 'Nguyễn Văn A' };

describe('a login', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  const calls = () => bridge.simulator.calls.map(({ path, outcome }) => `${path} ${outcome}`);

  it('turns an auth code into a custom token that Firebase can verify', async () => {
    const before = Math.floor(Date.now() / 1000);
    const response = await bridge.login({ ...customer, scopes: ['user_profile', 'offline'] });
    expect(response.status).toBe(200);
    const { customToken, ...body } = await json(response);
    expect(body).toEqual({
      expiresIn: 3600,
      uid: 'tiki:9007199254740993',
      customer: { id: '9007199254740993', name: 'Nguyễn Văn A' },
      scopes: ['user_profile', 'offline'],
    });
    const { header, payload } = verifyRs256(String(customToken), bridge.publicKeyPem);
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' });
    const { iat, exp, ...claims } = payload as Record<string, number>;
    expect(claims).toEqual({
      iss: bridge.accountEmail,
      sub: bridge.accountEmail,
      aud: 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit',
      uid: 'tiki:9007199254740993',
      claims: { provider: 'tiki', tikiCustomerId: '9007199254740993' },
    });
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(exp).toBe((iat ?? 0) + 3600);
  });

  it('responds with no-store and the request id', async () => {
    const { headers } = await bridge.login(customer);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('sends exactly the documented body to Tiki, with both names of the key header', async () => {
    const { authCode } = bridge.simulator.issueAuthCode(customer);
    await bridge.post('/auth_exchange', { code: authCode, scopes: ['ignored'], extra: 1 });
    expect(bridge.simulator.calls.at(-1)).toMatchObject({
      path: '/oauth/auth/token',
      outcome: 'ok',
      rawBody: JSON.stringify({ code: authCode }),
      clientId: 'test-client-key',
      clientKeyHeader: 'test-client-key',
    });
  });

  it('calls /oauth/me when the exchange returns no customer', async () => {
    const before = calls().length;
    const response = await bridge.login({ ...customer, fault: { kind: 'missing-customer' } });
    expect(await json(response)).toMatchObject({
      uid: 'tiki:9007199254740993',
      customer: { id: '9007199254740993', name: 'Nguyễn Văn A' },
    });
    expect(calls().slice(before)).toEqual([
      '/oauth/auth/token fault:missing-customer',
      '/oauth/me ok',
    ]);
  });

  it('retries /oauth/me after a transient failure', async () => {
    bridge.simulator.setFault({ path: '/oauth/me', fault: { kind: 'status', status: 503 } });
    const before = calls().length;
    const response = await bridge.login({ ...customer, fault: { kind: 'missing-customer' } });
    expect(response.status).toBe(200);
    expect(calls().slice(before + 1)).toEqual(['/oauth/me fault:status', '/oauth/me ok']);
  });

  it('does not report a client error when Tiki rejects its own new token', async () => {
    const fault = { kind: 'error-envelope', reason: 'invalid_token' } as const;
    bridge.simulator.setFault({ path: '/oauth/me', fault });
    const response = await bridge.login({ ...customer, fault: { kind: 'missing-customer' } });
    expect(await json(response)).toMatchObject({ code: 'tiki-bad-response' });
  });

  it('reuses its connections', async () => {
    await bridge.login(customer);
    const before = bridge.simulator.connectionsAccepted();
    for (let i = 0; i < 5; i += 1) expect((await bridge.login(customer)).status).toBe(200);
    expect(bridge.simulator.connectionsAccepted()).toBe(before);
  });

  it("keeps the caller's request id in responses and problems", async () => {
    const headers = { 'X-Request-Id': 'my-request_01' };
    const good = await bridge.post(
      '/auth_exchange',
      { code: bridge.simulator.issueAuthCode(customer).authCode },
      { headers },
    );
    expect(good.headers.get('x-request-id')).toBe('my-request_01');
    const bad = await bridge.post('/auth_exchange', {}, { headers });
    expect(await json(bad)).toMatchObject({ requestId: 'my-request_01' });
  });
});

describe("with Tiki's tokens handed to the client", () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge({ env: { TIKI_TOKENS_TO_CLIENT: 'true' } });
  });
  afterAll(() => bridge.close());

  async function tikiTokens(scopes: string[]): Promise<Record<string, unknown>> {
    const body = await json(await bridge.login({ ...customer, scopes }));
    return body['tiki'] as Record<string, unknown>;
  }

  it('returns them, the refresh token only if there is one', async () => {
    const tokens = await tikiTokens(['offline']);
    expect(Object.keys(tokens)).toEqual(['accessToken', 'refreshToken', 'expiresIn', 'tokenType']);
    expect(tokens).toMatchObject({ expiresIn: 3600, tokenType: 'bearer' });
    expect(await tikiTokens([])).not.toHaveProperty('refreshToken');
  });

  it('opens a new session from a refresh token, which Tiki rotates', async () => {
    const { refreshToken } = await tikiTokens(['offline']);
    const refresh = () => bridge.post('/auth_refresh', { refresh_token: refreshToken });
    const body = await json(await refresh());
    expect(body).toMatchObject({ uid: 'tiki:9007199254740993', expiresIn: 3600 });
    const { payload } = verifyRs256(String(body['customToken']), bridge.publicKeyPem);
    expect(payload['uid']).toBe('tiki:9007199254740993');
    const again = await refresh();
    expect(again.status).toBe(401);
    expect(await json(again)).toMatchObject({ code: 'invalid-token' });
  });

  it('refreshes once for the same refresh token sent twice at the same time', async () => {
    const { refreshToken } = await tikiTokens(['offline']);
    bridge.simulator.setFault({
      path: '/oauth/auth/token/refresh',
      // Time for the other to arrive.
      fault: { kind: 'latency', ms: 1_000 },
    });
    const both = await Promise.all(
      [1, 2].map(() => bridge.post('/auth_refresh', { refresh_token: refreshToken })),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('returns the customer of an access token without minting a token', async () => {
    const { accessToken } = await tikiTokens(['user_profile']);
    const response = await bridge.post('/auth_info', { access_token: accessToken });
    expect(await json(response)).toEqual({
      uid: 'tiki:9007199254740993',
      customer: { id: '9007199254740993', name: 'Nguyễn Văn A' },
      scopes: ['user_profile'],
    });
    const wrong = await bridge.post('/auth_info', { access_token: 'wrong' });
    expect([wrong.status, (await json(wrong))['code']]).toEqual([401, 'invalid-token']);
  });
});

describe('without TIKI_TOKENS_TO_CLIENT', () => {
  it("keeps Tiki's tokens on the server", async () => {
    const bridge = await startTestBridge();
    const text = await (await bridge.login({ ...customer, scopes: ['offline'] })).text();
    await bridge.close();
    expect(Object.keys(JSON.parse(text) as object)).not.toContain('tiki');
    expect(text).not.toMatch(/access|refresh_?token/i);
  });
});
