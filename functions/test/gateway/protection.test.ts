import { systemClock } from '../../src/clock';
import { withCircuitBreakers } from '../../src/gateway/circuit-breakers';
import { DOCUMENTS, problemOf, startTestGateway, type TestGateway } from './support/gateway';

describe('the gateway protects itself and Google', () => {
  let now = 0;
  let gateway: TestGateway;
  beforeEach(async () => {
    now = 0;
    gateway = await startTestGateway({
      asking: withCircuitBreakers({ ...systemClock, elapsed: () => now }),
      env: { MAX_IN_FLIGHT: '30' },
    });
  });
  afterEach(() => gateway.close());

  let callers = 0;
  /** From an address that nobody had before. */
  const get = () =>
    gateway.fetch(`${DOCUMENTS}/users/7`, {
      headers: { 'X-Forwarded-For': `203.0.113.${(callers += 1)}` },
    });
  const lookUp = () => gateway.post('/identitytoolkit/v1/accounts:lookup', {});
  const times = async (count: number, call: () => Promise<Response>) => {
    for (let i = 0; i < count; i += 1) await (await call()).text();
  };

  it('stops calling a failing service, but not the others', async () => {
    gateway.firestore.answer((response) => response.writeHead(503).end('{}'));
    await times(20, get);
    const response = await get();
    expect(response.headers.get('retry-after')).toBe('15');
    expect(await problemOf(response)).toEqual([503, 'upstream-unavailable']);
    expect(gateway.firestore.seen).toHaveLength(20);
    expect((await lookUp()).status).toBe(200);
  });

  it('retries after fifteen seconds', async () => {
    gateway.firestore.answer((response) => response.destroy());
    await times(20, get);
    expect(gateway.firestore.seen).toHaveLength(20);
    gateway.firestore.answer((response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    now = 15_000;
    expect((await get()).status).toBe(200);
    expect((await get()).status).toBe(200);
  });

  it("rejects no caller because another's calls to Firestore time out", async () => {
    await gateway.close();
    gateway = await startTestGateway({
      asking: withCircuitBreakers({ ...systemClock, elapsed: () => now }),
      timeoutMs: 50,
    });
    gateway.firestore.answer((response) => {
      const slow = response.req.url?.includes('attacker') ?? false;
      if (!slow) response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    const slow = await Promise.all(
      Array.from({ length: 30 }, () => gateway.fetch(`${DOCUMENTS}/users/attacker`)),
    );
    expect(slow.map(({ status }) => status)).toEqual(Array(30).fill(504));
    expect((await get()).status).toBe(200);
  });

  it('does not count refusals by Google as failures', async () => {
    gateway.firestore.answer((response) => response.writeHead(403).end('{}'));
    await times(25, get);
    expect((await get()).status).toBe(403);
  });

  it('rejects what exceeds its capacity, and continues', async () => {
    const held: (() => void)[] = [];
    const full = new Promise<void>((resolve) => {
      gateway.firestore.answer((response) => {
        held.push(() => response.writeHead(200).end('{}'));
        if (held.length === 30) resolve();
      });
    });
    const accepted = Array.from({ length: 30 }, get);
    await full;
    const refused = await get();
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await problemOf(refused)).toEqual([503, 'overloaded']);
    held.forEach((release) => {
      release();
    });
    for (const response of await Promise.all(accepted)) expect(response.status).toBe(200);
  });
});
