import { json, startTestBridge } from '../support/bridge';

describe('a bridge with a rate limit', () => {
  it('turns an address away after its limit and burst, and no other', async () => {
    const bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '5' } });
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    const exchange = (address: string) =>
      bridge.post('/auth_exchange', { code: 'unknown.code' }, from(address));
    const statuses: number[] = [];
    for (let i = 0; i < 16; i += 1) {
      // What a caller writes in front changes nothing.
      statuses.push((await exchange(`10.0.0.${i}, 203.0.113.7`)).status);
    }
    const refused = await exchange('203.0.113.7');
    const other = await exchange('203.0.113.8');
    const malformed = await bridge.post('/auth_exchange', {}, from('203.0.113.7'));
    await bridge.close();
    expect(statuses).toEqual([...Array<number>(15).fill(401), 429]);
    expect((await json(refused))['code']).toBe('rate-limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(other.status).toBe(401);
    // What costs Tiki nothing is not counted, and is answered for what it is.
    expect(malformed.status).toBe(400);
  });

  it('counts from the right behind proxies that are trusted', async () => {
    const bridge = await startTestBridge({
      env: { RATE_LIMIT_PER_MINUTE: '1', TRUSTED_PROXIES: '1' },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 13; i += 1) {
      const headers = { 'X-Forwarded-For': `forged-${i}, 203.0.113.7, 198.51.100.${i}` };
      statuses.push((await bridge.post('/auth_exchange', { code: 'a.b' }, { headers })).status);
    }
    await bridge.close();
    expect(statuses.slice(0, 11)).toEqual(Array<number>(11).fill(401));
    expect(statuses.slice(11)).toEqual([429, 429]);
  });
});

describe('a bridge with too much to do', () => {
  it('answers at once that it is overloaded, and serves what it has taken on', async () => {
    const bridge = await startTestBridge({ env: { MAX_IN_FLIGHT: '2' } });
    const slow = () => bridge.login({ customerId: '7', fault: { kind: 'latency', ms: 500 } });
    const responses = await Promise.all([slow(), slow(), slow(), slow(), slow()]);
    const after = await bridge.login({ customerId: '7' });
    await bridge.close();
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 503, 503, 503]);
    const refused = responses.find(({ status }) => status === 503);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused && (await json(refused))['code']).toBe('overloaded');
    expect(after.status).toBe(200);
  });
});

describe('a bridge whose upstream is down', () => {
  it('leaves Tiki alone after twenty failures and says so without asking it', async () => {
    const bridge = await startTestBridge();
    const fault = { kind: 'status', status: 503 } as const;
    for (let i = 0; i < 20; i += 1) await bridge.login({ customerId: '7', fault });
    const asked = bridge.simulator.calls.length;
    for (let i = 0; i < 20; i += 1) {
      const response = await bridge.login({ customerId: '7' });
      expect([response.status, (await json(response))['code']]).toEqual([503, 'tiki-unavailable']);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(10);
    }
    await bridge.close();
    expect(bridge.simulator.calls.length).toBe(asked);
  });

  it('does not count what Tiki refuses', async () => {
    const bridge = await startTestBridge();
    for (let i = 0; i < 40; i += 1) await bridge.post('/auth_exchange', { code: `unknown.${i}` });
    const response = await bridge.login({ customerId: '7' });
    await bridge.close();
    expect(response.status).toBe(200);
  });
});
