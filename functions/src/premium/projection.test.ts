import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { memoryWorld, stopFirstAt } from '../../test/premium/memory-world';
import { nextVersion } from './document';
import { EntitlementError } from './entitlement-error';
import { LEASE_MS } from './lease';
import { DAY_MS } from './purchase';

const UID = 'tiki:1';
const premiumOf = (until: number | null | undefined) => ({
  premiumAccount: true,
  premiumUntil: until,
});

type World = ReturnType<typeof memoryWorld>;

/** The final state that every interleaving must reach. */
function expectAgreement(world: World) {
  const stored = world.documents.get(UID);
  const until = stored?.premiumUntil ?? null;
  const entitled = until !== null && until > world.now;
  expect(world.accounts.get(UID) ?? {}).toEqual(entitled ? premiumOf(until) : {});
  expect(world.mirrored.get(UID)).toBe(until);
  expect(stored).toMatchObject({ projectedVersion: stored?.version, lease: null });
}

describe('projection', () => {
  it('creates the account of a user who buys before the first sign-in', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'gift', days: 30 });
    expect(world.accounts.get(UID)).toEqual(premiumOf(world.now + 30 * DAY_MS));
    expectAgreement(world);
  });

  it('creates no account for a user who never signed in and is not premium', async () => {
    const world = memoryWorld();
    await world.service.record(UID, { id: 'a', at: world.now, days: 3, status: 'cancelled' });
    expect(world.accounts.size).toBe(0);
    expect(world.documents.get(UID)).toMatchObject({ premiumUntil: null, projectedVersion: 1 });
  });

  it('keeps other claims, and removes both of its own when premium ends', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, { role: 'editor' });
    await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(world.accounts.get(UID)).toEqual({
      role: 'editor',
      ...premiumOf(world.now + DAY_MS),
    });
    world.now += DAY_MS;
    await world.project(UID, 'always', 'skip');
    expect(world.accounts.get(UID)).toEqual({ role: 'editor' });
  });

  it('does not rewrite unchanged claims', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'gift', days: 1 });
    await world.project(UID, 'always', 'skip');
    expect(world.landed).toHaveLength(1);
  });

  it('delays a newer change while an older one is being written', async () => {
    const world = memoryWorld();
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const older = world.service.grant(UID, { id: 'a', days: 1 });
    await stop.arrived;
    const newer = world.process().service.grant(UID, { id: 'b', days: 1 });
    stop.goOn();
    await Promise.all([older, newer]);
    expect(world.landed.map(({ premiumUntil }) => premiumUntil)).toEqual([
      world.now + DAY_MS,
      world.now + 2 * DAY_MS,
    ]);
    expectAgreement(world);
  });

  it('also writes a change stored by a process that died', async () => {
    const world = memoryWorld();
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const granting = world.service.grant(UID, { id: 'a', days: 30 });
    await stop.arrived;
    const stored = world.documents.get(UID);
    world.documents.set(UID, nextVersion(stored, [], world.now));
    stop.goOn();
    await granting;
    expect(world.accounts.get(UID)).toEqual({});
    expectAgreement(world);
  });

  it('serves concurrent callers of one process with a single write', async () => {
    const world = memoryWorld();
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const first = world.service.grant(UID, { id: 'first', days: 1 });
    await stop.arrived;
    const others = Array.from({ length: 20 }, (_, index) =>
      world.service.grant(UID, { id: `gift-${index}`, days: 1 }),
    );
    // After one event-loop turn all of them are stored.
    await new Promise(setImmediate);
    expect(world.documents.get(UID)).toMatchObject({ version: 21 });
    stop.goOn();
    await Promise.all([first, ...others]);
    expect(world.landed).toHaveLength(2);
    expectAgreement(world);
  });

  it('corrects its own late write after losing its lease to a newer change', async () => {
    const world = memoryWorld();
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const older = world.service.grant(UID, { id: 'a', days: 30 });
    await stop.arrived;
    world.now += LEASE_MS;
    await world.process().service.revoke(UID, 'all');
    expect(world.accounts.get(UID)).toEqual({});
    stop.goOn();
    await older;
    // It did overwrite the newer state, and its sender corrected it.
    expect(world.landed).toHaveLength(2);
    expectAgreement(world);
    expect(world.accounts.get(UID)).toEqual({});
  });

  it('never overwrites a newer state with an older one, in any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, count) => {
        const world = memoryWorld();
        world.sleepTakesTime = false;
        world.gate = (place) => scheduler.schedule(Promise.resolve(), place);
        const grants = Array.from({ length: count }, async (_, index) => {
          const { service } = world.process();
          const { entitlement } = await service.grant(UID, { id: `gift-${index}`, days: 1 });
          // Once a grant has returned, a token refresh must already see it.
          const onAccount = Number(world.accounts.get(UID)?.['premiumUntil']);
          expect(onAccount).toBeGreaterThanOrEqual(entitlement.premiumUntil ?? Infinity);
        });
        await scheduler.waitFor(Promise.all(grants));
        const ends = world.landed.map(({ premiumUntil }) => Number(premiumUntil));
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(world.documents.get(UID)?.premiumUntil).toBe(world.now + count * DAY_MS);
        expectAgreement(world);
      }),
      { numRuns: runs(100, 1_000) },
    );
  });

  it('converges in any interleaving, even when leases expire midway', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = memoryWorld();
        await world.service.grant(UID, { id: 'old', days: 3 });
        world.sleepTakesTime = false;
        world.gate = (place) => scheduler.schedule(Promise.resolve(), place);
        const passTime = async () => {
          await scheduler.schedule(Promise.resolve(), 'a minute passes');
          world.now += LEASE_MS;
        };
        await scheduler.waitFor(
          Promise.all([
            world.process().service.grant(UID, { id: 'a', days: 1 }),
            world.process().service.revoke(UID, { id: 'old' }),
            world.process().service.grant(UID, { id: 'b', days: 2 }),
            world.process().project(UID, 'always', 'skip'),
            passTime(),
            passTime(),
          ]),
        );
        expectAgreement(world);
      }),
      { numRuns: runs(100, 1_000) },
    );
  });

  it('releases the lease when nothing was sent', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, { note: 'ă'.repeat(490) });
    await expect(world.service.grant(UID, { id: 'gift', days: 1 })).rejects.toMatchObject({
      code: 'claims-too-large',
    });
    expect(world.documents.get(UID)).toMatchObject({
      version: 1,
      projectedVersion: 0,
      lease: null,
    });
    expect(world.landed).toEqual([]);
    world.accounts.set(UID, {});
    // Repeating the grant adds nothing, but completes the write.
    const again = await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(again.changed).toBe(false);
    expectAgreement(world);
  });

  it('blocks writes while a write without a response may still take effect', async () => {
    const world = memoryWorld();
    world.gate = (place) =>
      place === 'claims write'
        ? Promise.reject(new EntitlementError('account-unavailable', 'no answer'))
        : Promise.resolve();
    const gift = { id: 'gift', days: 1 };
    await expect(world.service.grant(UID, gift)).rejects.toMatchObject({
      code: 'account-unavailable',
    });
    world.gate = () => Promise.resolve();
    await expect(world.service.grant(UID, gift)).rejects.toMatchObject({ code: 'projection-busy' });
    world.now += LEASE_MS;
    await world.service.grant(UID, gift);
    expectAgreement(world);
  });

  it('removes claims without a document, unless one is created meanwhile', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, { role: 'editor', ...premiumOf(5) });
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const removing = world.project(UID, 'always', 'skip');
    await stop.arrived;
    await world.process().service.grant(UID, { id: 'gift', days: 1 });
    stop.goOn();
    await removing;
    expect(world.accounts.get(UID)).toEqual({ role: 'editor', ...premiumOf(world.now + DAY_MS) });
  });

  it('creates no account again for a change that gives nothing', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'a', days: 1 });
    await world.service.grant(UID, { id: 'b', days: 1 });
    world.accounts.delete(UID);
    await world.service.revoke(UID, { id: 'b' });
    await world.service.record(UID, { id: 'c', at: world.now, days: 1, status: 'cancelled' });
    expect(world.accounts.has(UID)).toBe(false);
    expect(world.documents.get(UID)).toMatchObject({ lease: null });
    await world.service.grant(UID, { id: 'd', days: 1 });
    expect(world.accounts.get(UID)).toEqual(premiumOf(world.now + 2 * DAY_MS));
  });

  it('fails when the account is deleted in the meantime', async () => {
    const world = memoryWorld();
    world.gate = (place) => {
      if (place === 'account read') world.accounts.clear();
      return Promise.resolve();
    };
    await expect(world.service.grant(UID, { id: 'gift', days: 1 })).rejects.toMatchObject({
      code: 'account-unavailable',
    });
  });
});
