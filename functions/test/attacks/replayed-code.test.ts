import { json, startTestBridge, type TestBridge } from '../support/bridge';

/** Attack: an intercepted auth code is sent again. */
describe('a replayed code', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  const exchange = (code: string) => bridge.post('/auth_exchange', { code });

  it('is rejected the second time', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    expect((await exchange(authCode)).status).toBe(200);
    const again = await exchange(authCode);
    expect([again.status, (await json(again))['code']]).toEqual([401, 'invalid-code']);
  });

  it('is exchanged once when it arrives twice at the same time, and both get the response', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({
      customerId: '7',
      // Time for the others to arrive.
      fault: { kind: 'latency', ms: 1_000 },
    });
    const sent = bridge.simulator.calls.length;
    const responses = await Promise.all([1, 2, 3].map(() => exchange(authCode)));
    const bodies = await Promise.all(responses.map(json));
    expect(bodies.map(({ uid }) => uid)).toEqual(['tiki:7', 'tiki:7', 'tiki:7']);
    expect(new Set(bodies.map(({ customToken }) => customToken)).size).toBe(1);
    expect(bridge.simulator.calls.length).toBe(sent + 1);
  });

  it('is exchanged for one of two addresses that send it at the same time', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({
      customerId: '7',
      // Time for the others to arrive.
      fault: { kind: 'latency', ms: 1_000 },
    });
    const from = (address: string) =>
      bridge.post(
        '/auth_exchange',
        { code: authCode },
        { headers: { 'X-Forwarded-For': address } },
      );
    const owner = from('203.0.113.7');
    const thief = from('192.0.2.66');
    const statuses = (await Promise.all([owner, thief])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 401]);
  });

  it('is not retried by the bridge after an ambiguous failure', async () => {
    const sent = bridge.simulator.calls.length;
    const faults = [{ kind: 'reset' }, { kind: 'status', status: 503 }, { kind: 'empty' }] as const;
    for (const fault of faults) await bridge.login({ customerId: '7', fault });
    expect(bridge.simulator.calls.length).toBe(sent + faults.length);
  });

  it('is rejected once it has expired', async () => {
    let now = Date.now();
    const own = await startTestBridge({ simulator: { now: () => now, timestampToleranceMs: 1e9 } });
    const { authCode } = own.simulator.issueAuthCode({ customerId: '7' });
    now += 600_000;
    const response = await own.post('/auth_exchange', { code: authCode });
    await own.close();
    expect((await json(response))['code']).toBe('invalid-code');
  });

  it('cannot be used as a refresh or access token', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    const asRefresh = await bridge.post('/auth_refresh', { refresh_token: authCode });
    const asAccess = await bridge.post('/auth_info', { access_token: authCode });
    expect((await json(asRefresh))['code']).toBe('invalid-token');
    expect((await json(asAccess))['code']).toBe('invalid-token');
  });
});
