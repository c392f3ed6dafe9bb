import { fakeFirestore, grpcError } from '../../test/premium/fake-firestore';
import { nextVersion, toDocument, type Entitlement } from './document';
import { createStore } from './store';

const UID = 'tiki:1';
const bought = (id: string, before?: Entitlement): Entitlement =>
  nextVersion(
    before,
    [...(before?.purchases ?? []), { id, at: 1_000, days: 1, status: 'active' }],
    2_000,
  );

function setUp(timeoutMs?: number, onSlow?: (name: string) => void) {
  const fake = fakeFirestore();
  const pauses: number[] = [];
  let elapsed = 0;
  const store = createStore(fake.firestore, {
    clock: {
      now: () => 0,
      elapsed: () => elapsed,
      sleep: (ms) => {
        pauses.push(ms);
        elapsed += ms;
        return Promise.resolve();
      },
    },
    random: () => 1,
    by: 'operator someone@example.com',
    timeoutMs,
    onSlow,
  });
  const buy = (id: string) =>
    store.change(UID, (stored, now) => ({ write: bought(id, stored), result: now }));
  return { ...fake, fake, store, buy, pauses };
}

describe('the store', () => {
  it('creates and updates, and passes the read time of Firestore', async () => {
    const { saved, writes, buy } = setUp();
    expect(await buy('a')).toBe(1_001);
    expect(await buy('b')).toBeGreaterThan(1_001);
    expect(writes).toEqual([`create ${UID}`, `update ${UID}`]);
    expect(saved.get(UID)?.content).toMatchObject({
      version: 2,
      purchases: { a: { days: 1 }, b: { days: 1 } },
    });
  });

  it('writes who changed what to the audit trail, together with the change', async () => {
    const { fake, store, buy } = setUp();
    await buy('a');
    const { audit } = fake;
    // Neither a purchase nor the end of premium.
    await store.change(UID, (stored) => ({
      write: stored && { ...stored, lease: { holder: 'me', until: 1 } },
      result: undefined,
    }));
    fake.before = (call) => {
      if (call === 'update') throw grpcError(7);
    };
    await expect(buy('refused')).rejects.toMatchObject({ outcome: 'not done' });
    fake.before = () => undefined;
    await store.remove(UID);
    const facts = {
      premiumUntil: 1_000 + 86_400_000,
      version: 1,
      purchases: { a: { at: expect.any(Number) as number, days: 1, status: 'active' } },
    };
    const entry = {
      by: 'operator someone@example.com',
      uid: UID,
      at: expect.any(Number) as number,
    };
    const expires = { auditExpiresAt: expect.any(Date) as Date };
    expect(audit).toEqual([
      { ...entry, premium: { before: null, after: facts }, ...expires },
      { ...entry, premium: { before: facts, after: null }, ...expires },
    ]);
  });

  it('writes nothing when the decision has no write', async () => {
    const { writes, store } = setUp();
    expect(await store.change(UID, (stored) => ({ result: stored }))).toBeUndefined();
    expect(writes).toEqual([]);
  });

  it('decides again when a writer in another process was faster', async () => {
    const { fake, saved, pauses, buy } = setUp();
    let rivals = 2;
    fake.before = (call) => {
      if (call === 'get' || rivals-- <= 0) return;
      fake.put(UID, toDocument(bought(`rival-${rivals}`)));
    };
    await buy('mine');
    expect(saved.get(UID)?.content).toMatchObject({
      version: 2,
      purchases: { 'rival-0': {}, mine: {} },
    });
    expect(pauses).toEqual([20, 40]);
  });

  it('queues callers of one process instead of letting them race', async () => {
    const { saved, pauses, buy } = setUp();
    await Promise.all(Array.from({ length: 20 }, (_, index) => buy(`p${index}`)));
    expect(saved.get(UID)?.content).toMatchObject({ version: 20 });
    expect(pauses).toEqual([]);
  });

  it('gives up when others are always faster', async () => {
    const { fake, store, buy } = setUp();
    fake.before = (call) => {
      if (call !== 'get') throw grpcError(10);
    };
    await expect(buy('a')).rejects.toMatchObject({ code: 'store-unavailable' });
    fake.before = () => undefined;
    expect(await store.change(UID, () => ({ result: 'free again' }))).toBe('free again');
  });

  it.each(['get', 'create', 'query'] as const)('wraps a failing %s', async (failing) => {
    const { fake, store, buy } = setUp();
    const cause = grpcError(7);
    fake.before = (call) => {
      if (call === failing) throw cause;
    };
    const work = failing === 'query' ? store.page(undefined, 10) : buy('a');
    await expect(work).rejects.toMatchObject({ code: 'store-unavailable', cause });
  });

  it.each([
    ['as long as a request may take', undefined, 2000],
    ['as long as it is told', 50, 50],
  ])('waits %s and no longer', async (_, timeoutMs, ms) => {
    const { fake, buy } = setUp(timeoutMs);
    fake.before = () => new Promise(() => undefined);
    await expect(buy('a')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: `Firestore did not answer within ${ms} ms`,
    });
  });

  describe('says of a failed change', () => {
    const never = () => new Promise(() => undefined);

    it.each<[string, 'not done' | 'unknown', (fake: ReturnType<typeof setUp>['fake']) => void]>([
      [
        'that cannot be read',
        'not done',
        (fake) => (fake.before = (call) => call === 'get' && never()),
      ],
      [
        'that Firestore refuses',
        'not done',
        (fake) =>
          (fake.before = (call) => {
            if (call === 'create') throw grpcError(7);
          }),
      ],
      ['whose answer is late', 'unknown', (fake) => (fake.after = never)],
      [
        'whose answer is lost',
        'unknown',
        (fake) =>
          (fake.after = () => {
            throw grpcError(14);
          }),
      ],
      [
        'that may have lost a race to itself',
        'unknown',
        (fake) => {
          let reads = 0;
          fake.after = () => {
            throw grpcError(6);
          };
          fake.before = (call) => call === 'get' && (reads += 1) > 1 && never();
        },
      ],
    ])('%s: %s', async (_, outcome, fail) => {
      const { fake, buy } = setUp(50);
      fail(fake);
      await expect(buy('a')).rejects.toMatchObject({ code: 'store-unavailable', outcome });
    });
  });

  it('says who is slow, once a call takes two seconds', async () => {
    jest.useFakeTimers();
    const slow: string[] = [];
    const { fake, store } = setUp(30_000, (name) => slow.push(name));
    let answer: () => void = () => undefined;
    fake.before = () => new Promise<void>((resolve) => (answer = resolve));
    const read = store.page(undefined, 10);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(slow).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(slow).toEqual(['Firestore']);
    answer();
    await read;
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('removes a document, also a malformed one, and twice', async () => {
    const { fake, store, writes, buy } = setUp();
    await buy('a');
    expect([await store.remove(UID), await store.remove(UID)]).toEqual([true, false]);
    fake.put(UID, { premiumUntil: 'tomorrow' });
    expect(await store.remove(UID)).toBe(true);
    expect(writes).toEqual([`create ${UID}`, `delete ${UID}`, `delete ${UID}`]);
  });

  it('removes no document under which a write to the account may be in flight', async () => {
    const { fake, store } = setUp();
    const lease = { holder: 'other', until: 1_000_000 };
    fake.put(UID, toDocument({ ...bought('a'), lease }));
    await expect(store.remove(UID)).rejects.toMatchObject({
      code: 'projection-busy',
      outcome: 'not done',
    });
    expect(fake.saved.has(UID)).toBe(true);
  });

  it('looks again before it removes what another process has changed', async () => {
    const { fake, store } = setUp();
    fake.put(UID, toDocument(bought('a')));
    let rivals = 1;
    fake.before = (call) => {
      if (call === 'delete' && rivals-- > 0) fake.put(UID, toDocument(bought('b')));
    };
    expect(await store.remove(UID)).toBe(true);
    expect(fake.saved.size).toBe(0);
  });

  it('does not overwrite a malformed document', async () => {
    const { fake, saved, writes, buy } = setUp();
    fake.put(UID, { premiumUntil: 'tomorrow' });
    const before = saved.get(UID);
    await expect(buy('a')).rejects.toMatchObject({ code: 'malformed-document' });
    expect([saved.get(UID), writes]).toEqual([before, []]);
  });

  it('rethrows what the decision throws', async () => {
    const { writes, store } = setUp();
    const refused = store.change(UID, () => {
      throw new RangeError('no');
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(writes).toEqual([]);
  });

  it('pages through documents, including malformed ones', async () => {
    const { fake, store } = setUp();
    fake.put('tiki:1', toDocument(bought('a')));
    fake.put('tiki:2', { version: 'x' });
    fake.put('tiki:3', toDocument(bought('a')));
    const first = await store.page(undefined, 2);
    expect(first.entries).toMatchObject([
      { uid: 'tiki:1', stored: { version: 1 } },
      { uid: 'tiki:2', stored: { code: 'malformed-document' } },
    ]);
    expect(first.now).toBeGreaterThan(1_000);
    const second = await store.page('tiki:2', 2);
    expect(second.entries.map(({ uid }) => uid)).toEqual(['tiki:3']);
  });
});
