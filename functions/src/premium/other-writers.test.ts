import { memoryWorld } from '../../test/premium/memory-world';
import type { Claims } from './account-claims';
import { DAY_MS } from './purchase';

const UID = 'tiki:1';

/** Another program, which changes the account's claims at a point of a grant. */
async function grantBeside(
  at: 'account read' | 'claims write' | 'claims written',
  rewrite: (claims: Claims) => Claims,
  times = 1,
) {
  const world = memoryWorld();
  world.accounts.set(UID, { role: 'reader' });
  let left = times;
  world.gate = (place) => {
    if (place === at && left-- > 0) world.accounts.set(UID, rewrite(world.accounts.get(UID) ?? {}));
    return Promise.resolve();
  };
  const ended = await world.service.grant(UID, { id: 'gift', days: 1 }).then(
    () => 'done',
    (error: unknown) => error,
  );
  return { world, ended, claims: world.accounts.get(UID) };
}

const premium = (world: { now: number }) => ({
  premiumAccount: true,
  premiumUntil: world.now + DAY_MS,
});

describe('claims that other programs write beside ours', () => {
  it('are kept if they are written before our read', async () => {
    const { world, claims } = await grantBeside('account read', () => ({ role: 'admin' }));
    expect(claims).toEqual({ role: 'admin', ...premium(world) });
  });

  it.each([
    ['removes ours and changes theirs', { role: 'admin' }],
    ['removes everything', {}],
    ['reverts ours to an earlier end', { role: 'admin', premiumAccount: true, premiumUntil: 5 }],
  ])('are kept, and ours are restored, if a write just after ours %s', async (_, theirs) => {
    const { world, ended, claims } = await grantBeside('claims written', () => theirs);
    expect(ended).toBe('done');
    expect(claims).toEqual({ ...theirs, ...premium(world) });
    expect(world.documents.get(UID)).toMatchObject({ projectedVersion: 1, lease: null });
  });

  it('are kept if they are added to ours just after our write', async () => {
    const { world, claims } = await grantBeside('claims written', (ours) => ({ ...ours, vip: 1 }));
    expect(claims).toEqual({ role: 'reader', vip: 1, ...premium(world) });
    expect(world.landed).toHaveLength(1);
  });

  // Firebase Auth has no conditional writes: docs/premium.md says so.
  it('are lost between our read and our write, and ours are right', async () => {
    const { world, ended, claims } = await grantBeside('claims write', () => ({ role: 'admin' }));
    expect(ended).toBe('done');
    expect(claims).toEqual({ role: 'reader', ...premium(world) });
  });

  it('win after three rounds, and the operator learns why', async () => {
    const theirs = { role: 'admin' };
    const { world, ended, claims } = await grantBeside('claims written', () => theirs, Infinity);
    expect(ended).toMatchObject({
      code: 'claims-contested',
      outcome: 'unknown',
      message: expect.stringContaining('Another program keeps overwriting') as string,
    });
    expect(world.landed).toHaveLength(3);
    expect(claims).toEqual(theirs);
    expect(world.documents.get(UID)).toMatchObject({ projectedVersion: 0, lease: null });
    world.gate = () => Promise.resolve();
    await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(world.accounts.get(UID)).toEqual({ ...theirs, ...premium(world) });
  });

  it('do not bring premium back that has ended', async () => {
    const world = memoryWorld();
    await world.service.grant(UID, { id: 'gift', days: 1 });
    const stale = { role: 'admin', ...world.accounts.get(UID) };
    let left = 1;
    world.gate = (place) => {
      if (place === 'claims written' && left-- > 0) world.accounts.set(UID, stale);
      return Promise.resolve();
    };
    await world.service.revoke(UID, 'all');
    expect(world.accounts.get(UID)).toEqual({ role: 'admin' });
  });

  it('do not stop the removal of premium that has no document, within three rounds', async () => {
    const world = memoryWorld();
    const stale = { role: 'admin', premiumAccount: true, premiumUntil: 5 };
    world.accounts.set(UID, stale);
    let left = 1;
    world.gate = (place) => {
      if (place === 'claims written' && left-- > 0) world.accounts.set(UID, stale);
      return Promise.resolve();
    };
    await world.reconcile({ fix: true });
    expect(world.accounts.get(UID)).toEqual({ role: 'admin' });
    world.accounts.set(UID, stale);
    left = Infinity;
    expect((await world.reconcile({ fix: true })).drifts).toMatchObject([
      { mended: false, failure: 'claims-contested' },
    ]);
  });

  it('gives way if the account is deleted while it is written', async () => {
    const world = memoryWorld();
    world.accounts.set(UID, {});
    world.gate = (place) => {
      if (place === 'claims written') world.accounts.delete(UID);
      return Promise.resolve();
    };
    await world.service.grant(UID, { id: 'gift', days: 1 });
    expect(world.accounts.has(UID)).toBe(false);
    expect(world.documents.get(UID)).toMatchObject({ lease: null });
  });
});
