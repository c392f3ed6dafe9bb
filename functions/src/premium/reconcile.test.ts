import { memoryWorld } from '../../test/premium/memory-world';
import { EntitlementError } from './entitlement-error';
import { DAY_MS } from './purchase';

type World = ReturnType<typeof memoryWorld>;

/** One user for each kind of drift, and two without. */
async function worldWithDrift(): Promise<World> {
  const world = memoryWorld();
  const grant = (uid: string) => world.service.grant(uid, { id: 'a', days: 1 });
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) await grant(`tiki:${id}`);
  world.accounts.set('tiki:2', { role: 'editor' });
  world.accounts.set('tiki:3', { premiumAccount: true, premiumUntil: 5 });
  world.accounts.delete('tiki:4');
  await world.service.revoke('tiki:5', 'all');
  world.accounts.set('tiki:5', { role: 'x', premiumAccount: true, premiumUntil: 5 });
  const edit = (uid: string, change: object) => {
    const stored = world.documents.get(uid);
    if (stored) world.documents.set(uid, { ...stored, ...change });
  };
  edit('tiki:6', { premiumUntil: 7 });
  edit('tiki:7', { version: 2 });
  world.mirrored.delete('tiki:8');
  world.accounts.set('tiki:9', { premiumAccount: true });
  world.accounts.set('zalo:1', { premiumAccount: true });
  world.accounts.set('tiki:10', { role: 'free' });
  return world;
}

const KINDS = [
  ['tiki:2', 'claims-missing'],
  ['tiki:3', 'claims-stale'],
  ['tiki:5', 'claims-extra'],
  ['tiki:6', 'document-stale'],
  ['tiki:7', 'projection-unfinished'],
  ['tiki:8', 'mirror-stale'],
  ['tiki:9', 'claims-extra'],
];

describe('reconcile', () => {
  it('finds every kind of drift and changes nothing', async () => {
    const world = await worldWithDrift();
    const before = [new Map(world.documents), new Map(world.accounts)];
    const report = await world.reconcile({ fix: false });
    const { documents, accounts, drifts, withoutAccount } = report;
    expect(drifts.map(({ uid, kind }) => [uid, kind])).toEqual(KINDS);
    expect(drifts.every(({ mended }) => !mended)).toBe(true);
    expect([documents, accounts]).toEqual([8, 10]);
    expect(withoutAccount).toEqual(['tiki:4']);
    expect([world.documents, world.accounts]).toEqual(before);
  });

  it('fixes every kind of drift, and then finds none', async () => {
    const world = await worldWithDrift();
    const { drifts } = await world.reconcile({ fix: true });
    expect(drifts.map(({ uid, kind, mended }) => [uid, kind, mended])).toEqual(
      KINDS.map((it) => [...it, true]),
    );
    expect((await world.reconcile({ fix: false })).drifts).toEqual([]);
    const premium = { premiumAccount: true, premiumUntil: world.now + DAY_MS };
    expect(world.accounts.get('tiki:2')).toEqual({ role: 'editor', ...premium });
    expect(world.accounts.has('tiki:4')).toBe(false);
    expect(world.accounts.get('tiki:5')).toEqual({ role: 'x' });
    expect(world.accounts.get('tiki:6')).toEqual(premium);
    expect(world.mirrored.get('tiki:8')).toBe(premium.premiumUntil);
    expect(world.accounts.get('tiki:9')).toEqual({});
    expect(world.accounts.get('zalo:1')).toEqual({ premiumAccount: true });
  });

  it('reports but does not touch malformed documents and those of no customer', async () => {
    const world = await worldWithDrift();
    world.malformed.set('tiki:70', new EntitlementError('malformed-document', 'version'));
    await world.service.grant('tiki:71', { id: 'a', days: 1 });
    const copied = world.documents.get('tiki:71');
    if (copied) world.documents.set('notes', copied);
    const { drifts } = await world.reconcile({ fix: true });
    const left = drifts.filter(({ mended }) => !mended);
    expect(left.map(({ uid, kind }) => [uid, kind])).toEqual([
      ['notes', 'document-malformed'],
      ['tiki:70', 'document-malformed'],
    ]);
    expect(drifts).toHaveLength(KINDS.length + 2);
  });

  it('goes through any number of pages', async () => {
    const world = memoryWorld();
    for (let id = 1; id <= 250; id += 1) {
      await world.service.grant(`tiki:${id}`, { id: 'a', days: 1 });
    }
    world.accounts.set('tiki:99', {});
    const { documents, drifts } = await world.reconcile({ fix: true });
    expect([documents, drifts.length]).toEqual([250, 1]);
  });

  it('continues when one user cannot be fixed, and reports why', async () => {
    const world = await worldWithDrift();
    world.accounts.set('tiki:2', { note: 'a'.repeat(990) });
    const { drifts } = await world.reconcile({ fix: true });
    expect(drifts[0]).toEqual({
      uid: 'tiki:2',
      kind: 'claims-missing',
      mended: false,
      failure: 'claims-too-large',
    });
    expect(drifts.slice(1).every(({ mended }) => mended)).toBe(true);
  });

  it('rechecks each suspect: what was written meanwhile is no drift', async () => {
    const world = await worldWithDrift();
    let pages = 0;
    world.gate = async (place) => {
      if (place === 'document read' && pages++ === 0) {
        world.accounts.set('tiki:2', { premiumAccount: true, premiumUntil: world.now + DAY_MS });
      }
      return Promise.resolve();
    };
    const { drifts } = await world.reconcile({ fix: false });
    expect(drifts.map(({ uid }) => uid)).not.toContain('tiki:2');
    expect(drifts).toHaveLength(KINDS.length - 1);
  });

  it.each([
    ['only there', (world: World, uid: string) => world.accounts.delete(uid)],
    [
      'while its document is out of date',
      (world: World, uid: string) => {
        const stored = world.documents.get(uid);
        if (stored) world.documents.set(uid, { ...stored, premiumUntil: 7 });
        world.accounts.delete(uid);
      },
    ],
    [
      'while a change had not reached it',
      (world: World, uid: string) => {
        const stored = world.documents.get(uid);
        if (stored) world.documents.set(uid, { ...stored, version: 2 });
        world.accounts.delete(uid);
      },
    ],
    [
      'while the copy was out of date',
      (world: World, uid: string) => {
        world.mirrored.delete(uid);
        world.accounts.delete(uid);
      },
    ],
  ])('does not bring back an account that was deleted %s', async (_, remove) => {
    const world = memoryWorld();
    await world.service.grant('tiki:1', { id: 'a', days: 1 });
    remove(world, 'tiki:1');
    for (let day = 1; day <= 3; day += 1) {
      await world.reconcile({ fix: true });
      expect(world.accounts.has('tiki:1')).toBe(false);
    }
    expect((await world.reconcile({ fix: true })).drifts).toEqual([]);
    expect(world.documents.get('tiki:1')).toMatchObject({ lease: null });
  });

  it('gives premium to an account again that its customer signed in to again', async () => {
    const world = memoryWorld();
    await world.service.grant('tiki:1', { id: 'a', days: 1 });
    world.accounts.set('tiki:1', {});
    await world.reconcile({ fix: true });
    expect(world.accounts.get('tiki:1')).toMatchObject({ premiumAccount: true });
  });

  it('fails as a whole only when a page cannot be read', async () => {
    const world = await worldWithDrift();
    world.gate = (place) =>
      place === 'page read'
        ? Promise.reject(new EntitlementError('store-unavailable', 'down'))
        : Promise.resolve();
    await expect(world.reconcile({ fix: true })).rejects.toMatchObject({
      code: 'store-unavailable',
      outcome: 'not done',
    });
  });

  it('fails as unknown when it has fixed something before', async () => {
    const world = memoryWorld();
    for (let id = 1; id <= 101; id++) await world.service.grant(`tiki:${id}`, { id: 'a', days: 1 });
    world.accounts.set('tiki:1', {});
    let pages = 0;
    world.gate = (place) =>
      place === 'page read' && ++pages > 1
        ? Promise.reject(new EntitlementError('store-unavailable', 'down'))
        : Promise.resolve();
    await expect(world.reconcile({ fix: true })).rejects.toMatchObject({
      code: 'store-unavailable',
      outcome: 'unknown',
    });
    expect(world.accounts.get('tiki:1')).toMatchObject({ premiumAccount: true });
  });

  it('does not hide a bug behind one user', async () => {
    const world = await worldWithDrift();
    world.gate = (place) =>
      place === 'account read' ? Promise.reject(new TypeError('bug')) : Promise.resolve();
    await expect(world.reconcile({ fix: true })).rejects.toThrow(TypeError);
  });
});
