import { memoryWorld, stopFirstAt } from '../../test/premium/memory-world';
import { EntitlementError } from './entitlement-error';
import { DAY_MS, type Purchase } from './purchase';
import type { PremiumService } from './service';

const UID = 'tiki:1';

describe('the premium service', () => {
  it('applies a grant repeated a hundred times once, and writes once', async () => {
    const world = memoryWorld();
    const gift = { id: 'gift', days: 30 };
    const start = world.now;
    const first = await world.service.grant(UID, gift);
    const commits = world.commits;
    for (let again = 0; again < 99; again += 1) {
      world.now += 1_000;
      const { changed, entitlement } = await world.service.grant(UID, gift);
      expect([changed, entitlement.version]).toEqual([false, 1]);
    }
    expect(first).toMatchObject({ changed: true, premium: true });
    expect(world.commits).toBe(commits);
    expect(world.documents.get(UID)?.premiumUntil).toBe(start + 30 * DAY_MS);
  });

  it('increments the version for real changes only', async () => {
    const world = memoryWorld();
    const versions: number[] = [];
    for (const act of [
      () => world.service.grant(UID, { id: 'a', days: 1 }),
      () => world.service.grant(UID, { id: 'b', days: 1 }),
      () => world.service.grant(UID, { id: 'b', days: 1 }),
      () => world.service.revoke(UID, { id: 'a' }),
      () => world.service.revoke(UID, { id: 'a' }),
      () => world.service.revoke(UID, 'all'),
      () => world.service.revoke(UID, 'all'),
    ]) {
      versions.push((await act()).entitlement.version);
    }
    expect(versions).toEqual([1, 2, 2, 3, 3, 4, 4]);
    expect(world.accounts.get(UID)).toEqual({});
  });

  it('accepts a refund reported before its purchase', async () => {
    const world = memoryWorld();
    const paid: Purchase = { id: 'order', at: world.now, days: 30, status: 'active' };
    await world.service.record(UID, { ...paid, status: 'cancelled' });
    const late = await world.service.record(UID, paid);
    expect(late).toMatchObject({ changed: false, premium: false });
    expect(world.documents.get(UID)?.premiumUntil).toBeNull();
  });

  it('grants until an instant', async () => {
    const world = memoryWorld();
    const until = world.now + 5_000;
    await world.service.grant(UID, { id: 'a', until });
    expect(world.accounts.get(UID)).toEqual({ premiumAccount: true, premiumUntil: until });
    const { premium, drift } = await world.service.show(UID);
    expect([premium, drift]).toEqual([true, undefined]);
    world.now = until;
    expect(await world.service.show(UID)).toMatchObject({ premium: false, drift: 'claims-extra' });
  });

  it('shows a user who has an account but never bought anything', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, {});
    expect(await world.service.show(UID)).toEqual({
      uid: UID,
      premium: false,
      entitlement: undefined,
      account: { uid: UID, claims: {} },
      drift: undefined,
    });
  });

  it('accepts the repetition of a grant whose end has passed', async () => {
    const world = memoryWorld();
    const gift = { id: 'gift', until: world.now + DAY_MS };
    await world.service.grant(UID, gift);
    world.now += 2 * DAY_MS;
    expect(await world.service.grant(UID, gift)).toMatchObject({ changed: false, premium: false });
  });

  it('does not know the outcome if a change is stored and may not be on the account', async () => {
    const world = memoryWorld();
    world.gate = (place) =>
      place === 'account read'
        ? Promise.reject(new EntitlementError('account-unavailable', 'No answer'))
        : Promise.resolve();
    const gift = { id: 'gift', days: 1 };
    await expect(world.service.grant(UID, gift)).rejects.toMatchObject({
      code: 'account-unavailable',
      outcome: 'unknown',
      message: 'Stored in Firestore, but not known to be on the account: No answer',
    });
    world.gate = () => Promise.resolve();
    await world.service.grant(UID, gift);
    expect(world.documents.get(UID)?.purchases).toHaveLength(1);
  });

  describe('deletes a customer', () => {
    it('with document, account and mirrored value, and twice', async () => {
      const world = memoryWorld();
      await world.service.grant(UID, { id: 'a', days: 1 });
      await world.service.grant('tiki:2', { id: 'a', days: 1 });
      const removed = await world.service.remove(UID);
      expect(removed).toEqual({ uid: UID, entitlement: true, account: true });
      const again = await world.service.remove(UID);
      expect(again).toEqual({ uid: UID, entitlement: false, account: false });
      for (const left of [world.documents, world.accounts]) {
        expect([...left.keys()]).toEqual(['tiki:2']);
      }
      expect(world.mirrored.get(UID)).toBeNull();
      expect((await world.reconcile({ fix: true })).drifts).toEqual([]);
      expect(world.accounts.has(UID)).toBe(false);
    });

    it('whose document is malformed', async () => {
      const world = memoryWorld();
      world.malformed.set(UID, new EntitlementError('malformed-document', 'version'));
      expect(await world.service.remove(UID)).toMatchObject({ entitlement: true });
    });

    it('not while a grant is on its way to the account', async () => {
      const world = memoryWorld();
      const stop = stopFirstAt('claims write');
      world.gate = stop.gate;
      const granting = world.service.grant(UID, { id: 'a', days: 1 });
      await stop.arrived;
      await expect(world.process().service.remove(UID)).rejects.toMatchObject({
        code: 'projection-busy',
        outcome: 'not done',
      });
      stop.goOn();
      await granting;
      await world.service.remove(UID);
      expect([world.documents.size, world.accounts.size]).toEqual([0, 0]);
    });

    it.each(['account removal', 'mirror write'])(
      'but leaves what is bought meanwhile on the account: before the %s',
      async (place) => {
        const world = memoryWorld();
        await world.service.grant(UID, { id: 'old', days: 1 });
        const stop = stopFirstAt(place);
        const removing = world.process(stop.gate).service.remove(UID);
        await stop.arrived;
        const { entitlement } = await world.service.grant(UID, { id: 'new', days: 9 });
        stop.goOn();
        await removing;
        const { premiumUntil } = entitlement;
        expect(world.accounts.get(UID)).toEqual({ premiumAccount: true, premiumUntil });
        expect(world.mirrored.get(UID)).toBe(premiumUntil);
      },
    );

    it.each(['document removal', 'account removal', 'mirror write'])(
      'in full, once a failure at the %s is repeated',
      async (failing) => {
        const world = memoryWorld();
        await world.service.grant(UID, { id: 'a', days: 1 });
        world.gate = (place) =>
          place === failing
            ? Promise.reject(
                new EntitlementError('account-unavailable', 'No answer', undefined, 'unknown'),
              )
            : Promise.resolve();
        await expect(world.service.remove(UID)).rejects.toMatchObject({ outcome: 'unknown' });
        world.gate = () => Promise.resolve();
        await world.service.remove(UID);
        expect([world.documents.size, world.accounts.size]).toEqual([0, 0]);
        expect(world.mirrored.get(UID)).toBeNull();
      },
    );
  });

  describe('rejects, without any change,', () => {
    const paid: Purchase = { id: 'x', at: 1, days: 1, status: 'active' };
    it.each<[string, string, (it: PremiumService) => Promise<unknown>]>([
      ['a bare number', 'invalid-uid', (it) => it.grant('123', { id: 'a', days: 1 })],
      ["another provider's user", 'invalid-uid', (it) => it.record('zalo:1', paid)],
      ['no customer at all', 'invalid-uid', (it) => it.revoke('tiki:0', 'all')],
      ['a path', 'invalid-uid', (it) => it.show('tiki:1/x')],
      ['an unknown user', 'unknown-user', (it) => it.show('tiki:2')],
      ['negative days', 'invalid-purchase', (it) => it.grant(UID, { id: 'a', days: -1 })],
      ['huge days', 'invalid-purchase', (it) => it.grant(UID, { id: 'a', days: 1e9 })],
      ['a past end', 'invalid-purchase', (it) => it.grant(UID, { id: 'a', until: 5 })],
      ['half a day', 'invalid-purchase', (it) => it.record(UID, { ...paid, days: 0.5 })],
      ['other days', 'conflicting-purchase', (it) => it.grant(UID, { id: 'old', days: 2 })],
      ['a revoked id', 'cancelled-purchase', (it) => it.grant(UID, { id: 'gone', days: 1 })],
      ['an unknown purchase', 'unknown-purchase', (it) => it.revoke(UID, { id: 'b' })],
      ['a user without any', 'unknown-purchase', (it) => it.revoke('tiki:2', 'all')],
    ])('%s', async (_, code, act) => {
      const world = memoryWorld();
      await world.service.grant(UID, { id: 'old', days: 1 });
      await world.service.grant(UID, { id: 'gone', days: 1 });
      await world.service.revoke(UID, { id: 'gone' });
      const before = [new Map(world.documents), new Map(world.accounts), world.commits];
      await expect(act(world.service)).rejects.toMatchObject({ name: 'EntitlementError', code });
      expect([world.documents, world.accounts, world.commits]).toEqual(before);
    });
  });
});
