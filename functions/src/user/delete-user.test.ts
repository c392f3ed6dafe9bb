import { DELETION, deleteUser, openOrdersIn, OrdersAreOpen } from './delete-user';
import { everythingAbout, type Kept } from './kept';
import { revokeSessions } from './revoke';

const UID = 'tiki:1';

/** All places in memory; `place` is the one where the next process dies, after its work is done. */
function memory(placed: Readonly<Record<string, unknown>> = {}) {
  const orders: Record<string, unknown> = { ...placed };
  const left = new Set(['documents', 'handOvers', 'files', 'nodes', 'premium', 'account']);
  const world = { left, orders, isLocked: false, dies: undefined as string | undefined };
  const remove = (...places: string[]) => {
    for (const place of places) {
      left.delete(place);
      if (world.dies === place) return Promise.reject(new Error(`died after ${place}`));
    }
    return Promise.resolve();
  };
  const contents = (place: string) =>
    Promise.resolve(left.has(place) ? { [`${place}/1`]: { a: 1 } } : {});
  const kept: Kept = {
    account: () =>
      Promise.resolve(
        left.has('account')
          ? {
              ...{ disabled: world.isLocked, createdAt: null, lastSignInAt: null },
              ...{ lastRefreshAt: null, displayName: null, claims: {} },
            }
          : undefined,
      ),
    documents: () => contents('documents'),
    handOvers: () => contents('handOvers'),
    entitlement: () => Promise.resolve(left.has('premium') ? { version: 1 } : undefined),
    orders: () => Promise.resolve({ ...orders }),
    audit: () => Promise.resolve({ 'bridgeAudit/1': { by: 'tiki' } }),
    files: () => Promise.resolve([]),
    nodes: () => contents('nodes'),
    lock: () => {
      world.isLocked = true;
      return world.dies === 'lock' ? Promise.reject(new Error('died')) : Promise.resolve();
    },
    removeDocuments: () => remove('documents'),
    removeHandOvers: () => remove('handOvers'),
    removeFiles: () => remove('files'),
    removeNodes: () => remove('nodes'),
    removePremiumAndAccount: () => remove('premium', 'account'),
  };
  return Object.assign(world, { kept });
}

describe('deleting a user', () => {
  it('leaves nothing but orders and the audit trail', async () => {
    const world = memory({ 'orders/o1': { state: 'completed' } });
    const does: string[] = [];
    await deleteUser(UID, world.kept, (step) => does.push(step.does));
    expect([...world.left]).toEqual([]);
    expect(does).toEqual(DELETION.map((step) => step.does));
    expect(await everythingAbout(UID, world.kept, 0)).toEqual({
      ...{ uid: UID, exportedAt: '1970-01-01T00:00:00.000Z', account: null, entitlement: null },
      ...{ documents: {}, handOvers: {}, files: [], nodes: {} },
      orders: { 'orders/o1': { state: 'completed' } },
      audit: { 'bridgeAudit/1': { by: 'tiki' } },
    });
  });

  it.each(['lock', 'handOvers', 'documents', 'files', 'nodes', 'premium'])(
    'that dies at %s lets nobody in, can be seen, and is finished by its repetition',
    async (place) => {
      const world = memory();
      world.dies = place;
      await expect(deleteUser(UID, world.kept)).rejects.toThrow('died');
      expect(await world.kept.account(UID)).toMatchObject({ disabled: true });
      world.dies = undefined;
      await deleteUser(UID, world.kept);
      await deleteUser(UID, world.kept);
      expect([...world.left]).toEqual([]);
    },
  );

  it('is refused, and changes nothing, while a payment can bring them back', async () => {
    const world = memory({
      'orders/o1': { state: 'waiting' },
      'orders/o1/orderMessages/m1': { status: 'draft' },
      'orders/o2': { state: 'canceled' },
      'orders/o3': 'unreadable',
    });
    const refused = await deleteUser(UID, world.kept).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OrdersAreOpen);
    expect(refused).toMatchObject({ references: ['o1', 'o3'], isLocked: false });
    expect([world.left.size, world.isLocked]).toEqual([6, false]);
  });

  it('stops where an order was placed until they could not any more, and can be repeated', async () => {
    const world = memory();
    const lock = async (uid: string) => {
      world.orders['orders/o1'] = { state: 'waiting' };
      await world.kept.lock(uid);
    };
    const refused = await deleteUser(UID, { ...world.kept, lock }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OrdersAreOpen);
    expect(refused).toMatchObject({ references: ['o1'], isLocked: true });
    expect([world.left.size, world.isLocked]).toEqual([6, true]);

    world.orders['orders/o1'] = { state: 'canceled' };
    await deleteUser(UID, world.kept);
    expect([...world.left]).toEqual([]);
  });

  it('works without a Realtime Database', async () => {
    const world = memory();
    const kept = { ...world.kept, nodes: undefined, removeNodes: undefined };
    await deleteUser(UID, kept);
    expect([...world.left]).toEqual(['nodes']);
    expect(await everythingAbout(UID, kept, 0)).toMatchObject({ nodes: null });
  });
});

it.each([
  ['creating', ['o1']],
  ['waiting', ['o1']],
  ['paid', ['o1']],
  ['completed', []],
  ['canceled', []],
  ['abandoned', []],
])('an order that is %s: %j is open', (state, open) => {
  expect(openOrdersIn({ 'orders/o1': { state } })).toEqual(open);
});

describe('revoking sessions of a period', () => {
  const ACCOUNTS = [
    { uid: 'tiki:1', seenAt: 999 },
    { uid: 'tiki:2', seenAt: 1_000 },
    { uid: 'tiki:3', seenAt: undefined },
    { uid: 'somebody', seenAt: 2_000 },
    { uid: 'tiki:4', seenAt: 3_000 },
    { uid: 'tiki:5', seenAt: 3_000 },
  ];
  const revoke = async (everybody: boolean, signOut?: (uid: string) => Promise<boolean>) => {
    const out: string[] = [];
    const report = await revokeSessions(
      { since: 1_000, everybody },
      {
        pages: async function* () {
          await Promise.resolve();
          yield ACCOUNTS.slice(0, 3);
          yield ACCOUNTS.slice(3);
        },
        signOut: (uid) => {
          out.push(uid);
          return signOut?.(uid) ?? Promise.resolve(true);
        },
      },
    );
    return { report, out: out.sort() };
  };

  it('signs out the customers who were there, and no others', async () => {
    const { report, out } = await revoke(false);
    expect(out).toEqual(['tiki:2', 'tiki:4', 'tiki:5']);
    expect(report).toEqual({ looked: 6, revoked: 3, failed: [] });
  });

  it('signs out everybody where anybody can have been somebody else', async () => {
    expect((await revoke(true)).out).toEqual(['somebody', 'tiki:2', 'tiki:4', 'tiki:5']);
  });

  it('goes on after a failure, and says whose sessions may go on', async () => {
    const { report } = await revoke(false, (uid) =>
      uid === 'tiki:4' ? Promise.reject(new Error('quota')) : Promise.resolve(uid !== 'tiki:2'),
    );
    expect(report).toEqual({ looked: 6, revoked: 1, failed: ['tiki:4'] });
  });
});
