import { guardedBy } from '../../upstream/circuit-breaker';
import type { Limiter } from '../rate-limit';
import type { Count } from './count';
import { countGuarded } from './in-firestore';
import { openStoreLimiter } from './store-limiter';
import { documentIds } from './window';

const NOON = Date.UTC(2026, 10, 22, 12);
const QUOTA = { points: 40, seconds: 60 };

/** A store that several instances share, with a clock and failures under the test's control. */
function sharedStore() {
  let now = NOON;
  let fails = false;
  let asked = 0;
  const counts = new Map<string, number>();
  const expiries = new Set<number>();
  const failures: unknown[] = [];
  const count: Count = (id, points, expiresAt) => {
    asked += 1;
    if (fails) return Promise.reject(new Error('down'));
    counts.set(id, (counts.get(id) ?? 0) + points);
    expiries.add(expiresAt);
    return Promise.resolve(counts.get(id) ?? 0);
  };
  return {
    instance: () =>
      openStoreLimiter(QUOTA, {
        count: countGuarded(
          count,
          guardedBy({ elapsed: () => now }, 'upstream-unavailable', 'the store'),
          (error) => failures.push(error),
        ),
        documentId: documentIds('secret'),
        clock: { now: () => now },
      }),
    counts,
    expiries,
    failures,
    asked: () => asked,
    failing: (is: boolean) => (fails = is),
    wait: (ms: number) => (now += ms),
  };
}

async function allowed(limiters: readonly Limiter[], address: string, times: number) {
  const outcomes = await Promise.allSettled(
    Array.from({ length: times }, async (_, i) => limiters[i % limiters.length]?.consume(address)),
  );
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('a limiter with a store', () => {
  // The library reads the system clock for what it remembers.
  beforeEach(() => {
    jest.useFakeTimers({ now: NOON, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('allows an address its quota over all instances together', async () => {
    const store = sharedStore();
    const instances = await Promise.all([store.instance(), store.instance(), store.instance()]);
    expect(await allowed(instances, '203.0.113.7', 100)).toBe(40);
    expect(await allowed(instances, '203.0.113.8', 40)).toBe(40);
  });

  it('says when the window ends, and begins anew then', async () => {
    const store = sharedStore();
    store.wait(20_000);
    jest.setSystemTime(NOON + 20_000);
    const instance = await store.instance();
    expect(await allowed([instance], '203.0.113.7', 41)).toBe(40);
    await expect(instance.consume('203.0.113.7')).rejects.toMatchObject({ msBeforeNext: 40_000 });
    store.wait(40_000);
    jest.setSystemTime(NOON + 60_001);
    expect(await allowed([instance], '203.0.113.7', 41)).toBe(40);
    expect([...store.expiries]).toEqual([NOON + 60_000, NOON + 120_000]);
  });

  it('refuses from memory whom it knows to be over the quota', async () => {
    const store = sharedStore();
    const instance = await store.instance();
    await allowed([instance], '203.0.113.7', 40);
    expect(await allowed([instance], '203.0.113.7', 100)).toBe(0);
    expect(store.asked()).toBe(40);
    const other = await store.instance();
    expect(await allowed([other], '203.0.113.7', 1)).toBe(0);
    expect(await allowed([other], '203.0.113.7', 10)).toBe(0);
    expect(store.asked()).toBe(41);
  });

  it('counts in memory when the store does not, and in the store again when it does', async () => {
    const store = sharedStore();
    const instance = await store.instance();
    store.failing(true);
    expect(await allowed([instance], '203.0.113.7', 60)).toBe(40);
    expect(store.failures[0]).toEqual(new Error('down'));
    store.failing(false);
    store.wait(15_000);
    expect(await allowed([instance], '203.0.113.8', 1)).toBe(1);
    expect([...store.counts.values()]).toEqual([1]);
  });

  it('stops using a store that keeps failing', async () => {
    const store = sharedStore();
    const instance = await store.instance();
    store.failing(true);
    for (let i = 0; i < 40; i += 1) await instance.consume(`203.0.113.${i}`);
    expect(store.asked()).toBe(20);
    expect(store.failures).toHaveLength(20);
  });

  it('keeps no address in the store', async () => {
    const store = sharedStore();
    await allowed([await store.instance()], '203.0.113.7', 1);
    expect([...store.counts.keys()].join()).toMatch(/^[0-9a-f]{32}$/);
  });
});
