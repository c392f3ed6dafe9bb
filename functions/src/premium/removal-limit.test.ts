import { memoryWorld } from '../../test/premium/memory-world';
import { DAY_MS } from './purchase';

type World = ReturnType<typeof memoryWorld>;

/** Accounts with premium and no document, numbered from 1. */
function premiumWithoutDocument(world: World, count: number) {
  const uids = Array.from({ length: count }, (_, index) => `tiki:${index + 1}`);
  for (const uid of uids) {
    world.accounts.set(uid, { premiumAccount: true, premiumUntil: world.now + DAY_MS });
  }
  return uids;
}

const others = (world: World, count: number) => {
  for (let id = 0; id < count; id += 1) world.accounts.set(`other-${id}`, {});
};

const stillPremium = (world: World, uids: readonly string[]) =>
  uids.filter((uid) => world.accounts.get(uid)?.['premiumAccount'] === true).length;

describe('how many accounts may lose premium because their documents are missing', () => {
  it.each([
    ['5 of 10 accounts', 5, 5, 'lose it', 0],
    ['6 of 10 accounts', 6, 4, 'keep it', 6],
    ['6 of 600 accounts', 6, 594, 'lose it', 0],
    ['6 of 599 accounts', 6, 593, 'keep it', 6],
    ['300 of 300 accounts', 300, 0, 'keep it', 300],
    ['20 of 2000 accounts', 20, 1_980, 'lose it', 0],
    ['21 of 2000 accounts', 21, 1_979, 'keep it', 21],
  ])('%s', async (_, count, more, _what, left) => {
    const world = memoryWorld();
    const uids = premiumWithoutDocument(world, count);
    others(world, more);
    const { drifts } = await world.reconcile({ fix: true });
    expect(stillPremium(world, uids)).toBe(left);
    expect(drifts).toHaveLength(count);
    expect(drifts.filter(({ withheld, mended }) => withheld && !mended)).toHaveLength(left);
  });

  it('continues with all the rest of the run', async () => {
    const world = memoryWorld();
    const uids = premiumWithoutDocument(world, 300);
    // Expired, without a document.
    world.accounts.set('tiki:1001', { premiumAccount: true, premiumUntil: world.now });
    // Refunded, with a document.
    await world.service.grant('tiki:1002', { id: 'a', days: 1 });
    await world.service.revoke('tiki:1002', 'all');
    world.accounts.set('tiki:1002', { premiumAccount: true, premiumUntil: world.now + DAY_MS });
    await world.service.grant('tiki:1003', { id: 'a', days: 1 });
    world.accounts.set('tiki:1003', { role: 'editor' });
    await world.reconcile({ fix: true });
    expect(stillPremium(world, uids)).toBe(300);
    expect(world.accounts.get('tiki:1001')).toEqual({});
    expect(world.accounts.get('tiki:1002')).toEqual({});
    expect(world.accounts.get('tiki:1003')).toMatchObject({ role: 'editor', premiumAccount: true });
  });

  it('is up to an operator who has looked', async () => {
    const world = memoryWorld();
    const uids = premiumWithoutDocument(world, 300);
    const { drifts } = await world.reconcile({ fix: true, removeAny: true });
    expect(stillPremium(world, uids)).toBe(0);
    expect(drifts.filter(({ mended }) => mended)).toHaveLength(300);
  });

  it.each([
    ['no end', { premiumAccount: true }],
    ['an end of another form', { premiumAccount: true, premiumUntil: '2027-01-31' }],
  ])('counts premium with %s, as other code may set it', async (_, claims) => {
    const world = memoryWorld();
    for (let id = 1; id <= 6; id += 1) world.accounts.set(`tiki:${id}`, claims);
    await world.reconcile({ fix: true });
    expect([...world.accounts.values()]).toEqual(Array.from({ length: 6 }, () => claims));
  });

  it('counts documents that go missing during the run', async () => {
    const world = memoryWorld();
    const uids = Array.from({ length: 6 }, (_, index) => `tiki:${index + 1}`);
    for (const uid of uids) {
      await world.service.grant(uid, { id: 'a', days: 1 });
      world.mirrored.delete(uid);
    }
    world.gate = (place) => {
      if (place === 'document read') world.documents.clear();
      return Promise.resolve();
    };
    await world.reconcile({ fix: true });
    expect(stillPremium(world, uids)).toBe(6);
  });

  it('does not count who buys for the first time during the run', async () => {
    const world = memoryWorld();
    for (let id = 500; id < 600; id += 1) {
      await world.service.grant(`tiki:${id}`, { id: 'a', days: 1 });
    }
    const [orphan = ''] = premiumWithoutDocument(world, 1);
    const buyers = Array.from({ length: 20 }, (_, index) => `tiki:${index + 101}`);
    let pages = 0;
    world.gate = async (place) => {
      if (place !== 'page read' || (pages += 1) !== 2) return;
      // Their documents would have been on the first page.
      for (const uid of buyers) await world.service.grant(uid, { id: 'a', days: 1 });
    };
    const { drifts } = await world.reconcile({ fix: true });
    expect(drifts).toEqual([{ uid: orphan, kind: 'claims-extra', mended: true }]);
    expect(stillPremium(world, buyers)).toBe(20);
  });
});
