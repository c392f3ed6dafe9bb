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

/** The end state that everything has to come to, however it got there. */
function expectAgreement(world: World) {
  const stored = world.documents.get(UID);
  const until = stored?.premiumUntil ?? null;
  const entitled = until !== null && until > world.now;
  expect(world.accounts.get(UID) ?? {}).toEqual(entitled ? premiumOf(until) : {});
  expect(world.mirrored.get(UID)).toBe(until);
  expect(stored).toMatchObject({ projectedVersion: stored?.version, lease: null });
}

describe('projection', () => {
  it('creates the account of who buys before the first sign-in', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'gift', days: 30 });
    expect(world.accounts.get(UID)).toEqual(premiumOf(world.now + 30 * DAY_MS));
    expectAgreement(world);
  });

  it('creates no account for who never signed in and has nothing', async () => {
    const world = memoryWorld();
    await world.service.record(UID, { id: 'a', at: world.now, days: 3, status: 'cancelled' });
    expect(world.accounts.size).toBe(0);
    expect(world.documents.get(UID)).toMatchObject({ premiumUntil: null, projectedVersion: 1 });
  });

  it('keeps the claims of others, and removes both of its own when premium is over', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, { role: 'editor' });
    await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(world.accounts.get(UID)).toEqual({
      role: 'editor',
      ...premiumOf(world.now + DAY_MS),
    });
    world.now += DAY_MS;
    await world.project(UID, 'always');
    expect(world.accounts.get(UID)).toEqual({ role: 'editor' });
  });

  it('writes no claims that are there already', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'gift', days: 1 });
    await world.project(UID, 'always');
    expect(world.landed).toHaveLength(1);
  });

  it('lets the later change wait while an older one is being written', async () => {
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

  it('writes for a process that stored a change and died, while it is at it', async () => {
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

  it('is asked by one caller at a time in a process, and writes once for all of them', async () => {
    const world = memoryWorld();
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const first = world.service.grant(UID, { id: 'first', days: 1 });
    await stop.arrived;
    const others = Array.from({ length: 20 }, (_, index) =>
      world.service.grant(UID, { id: `gift-${index}`, days: 1 }),
    );
    // A whole turn of the event loop: all of them are stored by then.
    await new Promise(setImmediate);
    expect(world.documents.get(UID)).toMatchObject({ version: 21 });
    stop.goOn();
    await Promise.all([first, ...others]);
    expect(world.landed).toHaveLength(2);
    expectAgreement(world);
  });

  it('mends its own late write after it lost its lease to a newer change', async () => {
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
    // It did land over the newer one, and was taken back by the one who sent it.
    expect(world.landed).toHaveLength(2);
    expectAgreement(world);
    expect(world.accounts.get(UID)).toEqual({});
  });

  it('never lets an older state land over a newer one, in any order of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, count) => {
        const world = memoryWorld();
        world.sleepTakesTime = false;
        world.gate = (place) => scheduler.schedule(Promise.resolve(), place);
        const grants = Array.from({ length: count }, async (_, index) => {
          const { service } = world.process();
          const { entitlement } = await service.grant(UID, { id: `gift-${index}`, days: 1 });
          // Whoever is told "granted" may refresh a token at once, and finds it there.
          const onAccount = Number(world.accounts.get(UID)?.['premiumUntil']);
          expect(onAccount).toBeGreaterThanOrEqual(entitlement.premiumUntil ?? Infinity);
        });
        await scheduler.waitFor(Promise.all(grants));
        const ends = world.landed.map(({ premiumUntil }) => Number(premiumUntil));
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(world.documents.get(UID)?.premiumUntil).toBe(world.now + count * DAY_MS);
        expectAgreement(world);
      }),
      { numRuns: runs(100, 2_500) },
    );
  });

  it('ends in agreement in any order of events, even where leases run out under way', async () => {
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
            world.process().project(UID, 'always'),
            passTime(),
            passTime(),
          ]),
        );
        expectAgreement(world);
      }),
      { numRuns: runs(100, 2_500) },
    );
  });

  it('gives the lease back when nothing was sent', async () => {
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
    // The same grant again gives nothing more, and finishes the work.
    const again = await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(again.changed).toBe(false);
    expectAgreement(world);
  });

  it('lets nobody write while a write without an answer may still land', async () => {
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

  it('removes claims that no document speaks of, unless one turns up meanwhile', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, { role: 'editor', ...premiumOf(5) });
    const stop = stopFirstAt('claims write');
    world.gate = stop.gate;
    const removing = world.project(UID, 'always');
    await stop.arrived;
    await world.process().service.grant(UID, { id: 'gift', days: 1 });
    stop.goOn();
    await removing;
    expect(world.accounts.get(UID)).toEqual({ role: 'editor', ...premiumOf(world.now + DAY_MS) });
  });

  it('says so when the account is deleted under its hands', async () => {
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
