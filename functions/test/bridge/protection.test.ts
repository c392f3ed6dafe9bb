import { findFreePorts } from '@tiki-bridge/testing/emulators/ports';
import { json, startTestBridge, type TestBridge } from '../support/bridge';
import { startLoopbackFirestore } from '../support/loopback-firestore';

describe('a bridge with a rate limit', () => {
  it('rejects an address after its limit and burst, but no other', async () => {
    const bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '5' } });
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    const exchange = (address: string) =>
      bridge.post('/auth_exchange', { code: 'unknown.code' }, from(address));
    const statuses: number[] = [];
    for (let i = 0; i < 16; i += 1) {
      // Entries prepended by the caller have no effect.
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
    // Requests that do not reach Tiki are not counted, and get their own error.
    expect(malformed.status).toBe(400);
  });

  it('counts the callers of a trusted load balancer', async () => {
    const bridge = await startTestBridge({
      env: { RATE_LIMIT_PER_MINUTE: '1', TRUSTED_PROXIES: '198.51.100.9' },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 13; i += 1) {
      const headers = { 'X-Forwarded-For': `10.0.0.${i}, 203.0.113.7, 198.51.100.9` };
      statuses.push((await bridge.post('/auth_exchange', { code: 'a.b' }, { headers })).status);
    }
    await bridge.close();
    expect(statuses).toEqual([...Array<number>(11).fill(401), 429, 429]);
  });
});

describe('a bridge behind Firebase Hosting', () => {
  let bridge: TestBridge;
  // With the default parameters.
  beforeEach(async () => {
    bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '30' } });
  });
  afterEach(() => bridge.close());

  /** A request through Hosting, each time from a different front end. */
  async function login(customer: number, attempt: number): Promise<number> {
    const address = `203.0.113.${customer}`;
    const headers = {
      'X-Forwarded-For': `${address},66.102.8.${attempt}`,
      'Fastly-Client-IP': address,
      'X-Forwarded-Host': 'example.web.app',
    };
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: String(customer) });
    return (await bridge.post('/auth_exchange', { code: authCode }, { headers })).status;
  }

  it('admits sixty customers through the same front end', async () => {
    const statuses: number[] = [];
    for (let customer = 1; customer <= 60; customer += 1) statuses.push(await login(customer, 69));
    expect(statuses).toEqual(Array<number>(60).fill(200));
  });

  it("rejects one customer's 41st login, whatever the front ends", async () => {
    const statuses: number[] = [];
    for (let attempt = 1; attempt <= 41; attempt += 1) statuses.push(await login(7, attempt));
    expect(statuses).toEqual([...Array<number>(40).fill(200), 429]);
    expect(await login(8, 41)).toBe(200);
  });
});

describe('bridges with a rate limit in Firestore', () => {
  const start = (host: string) =>
    startTestBridge({
      env: {
        RATE_LIMIT_PER_MINUTE: '5',
        RATE_LIMIT_STORE: 'firestore',
        FIRESTORE_EMULATOR_HOST: host,
        GCLOUD_PROJECT: 'demo-tiki-bridge',
      },
    });
  const exchange = async (bridge: TestBridge) => {
    const headers = { 'X-Forwarded-For': '203.0.113.7' };
    return (await bridge.post('/auth_exchange', { code: 'unknown.code' }, { headers })).status;
  };
  const count = (statuses: readonly number[], wanted: number) =>
    statuses.filter((status) => status === wanted).length;

  it('check it before they call Tiki, and share one count', async () => {
    const firestore = await startLoopbackFirestore();
    const [one, two] = await Promise.all([start(firestore.host), start(firestore.host)]);
    const statuses: number[] = [];
    for (let i = 0; i < 60; i += 1) statuses.push(await exchange(i % 2 === 0 ? one : two));
    const asked = one.simulator.calls.length + two.simulator.calls.length;
    await Promise.all([one.close(), two.close(), firestore.close()]);
    // Separately, each would admit 15; and the window may change once.
    expect(firestore.windows.size).toBeLessThanOrEqual(2);
    expect(count(statuses, 401)).toBeLessThan(20 * firestore.windows.size);
    expect(statuses.slice(0, 15)).toEqual(Array(15).fill(401));
    expect(count(statuses, 401) + count(statuses, 429)).toBe(60);
    expect(asked).toBe(count(statuses, 401));
  });

  it('fall back to memory when Firestore is unreachable', async () => {
    const { nobody } = await findFreePorts(['nobody']);
    const bridge = await start(`127.0.0.1:${nobody}`);
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push(await exchange(bridge));
    await bridge.close();
    expect(statuses).toEqual([...Array<number>(15).fill(401), ...Array<number>(5).fill(429)]);
  });

  it('time out early when Firestore does not respond, and fall back to memory', async () => {
    const firestore = await startLoopbackFirestore();
    firestore.behave('silent');
    const bridge = await start(firestore.host);
    const started = performance.now();
    const login = await bridge.login({ customerId: '7' });
    const waited = performance.now() - started;
    const statuses = await Promise.all(Array.from({ length: 20 }, () => exchange(bridge)));
    await Promise.all([bridge.close(), firestore.close()]);
    expect(login.status).toBe(200);
    expect(waited).toBeGreaterThanOrEqual(295);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([15, 5]);
  });
});

describe('an overloaded bridge', () => {
  it('rejects new requests at once, and serves those already accepted', async () => {
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
  it('stops calling Tiki after twenty failures and fails fast', async () => {
    const bridge = await startTestBridge();
    const fault = { kind: 'status', status: 503 } as const;
    for (let i = 0; i < 20; i += 1) {
      const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7', fault });
      const headers = { 'X-Forwarded-For': `203.0.113.${i}` };
      await bridge.post('/auth_exchange', { code: authCode }, { headers });
    }
    const asked = bridge.simulator.calls.length;
    for (let i = 0; i < 20; i += 1) {
      const response = await bridge.login({ customerId: '7' });
      expect([response.status, (await json(response))['code']]).toEqual([503, 'tiki-unavailable']);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(10);
    }
    await bridge.close();
    expect(bridge.simulator.calls.length).toBe(asked);
  });

  it('does not count refusals by Tiki as failures', async () => {
    const bridge = await startTestBridge();
    for (let i = 0; i < 40; i += 1) await bridge.post('/auth_exchange', { code: `unknown.${i}` });
    const response = await bridge.login({ customerId: '7' });
    await bridge.close();
    expect(response.status).toBe(200);
  });
});
