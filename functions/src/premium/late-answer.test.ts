import { fakeFirestore, grpcError } from '../../test/premium/fake-firestore';
import { systemClock } from '../clock';
import type { Claims } from './account-claims';
import type { AuthApi } from './accounts';
import { createAccounts } from './accounts';
import { assemblePremium } from './open-premium';
import { createStore } from './store';

const UID = 'tiki:1';

/** The premium service on an in-memory Firestore and Firebase Auth. */
function setUp() {
  const fake = fakeFirestore();
  const claims = new Map<string, Claims>();
  const record = (uid: string) => ({ uid, customClaims: claims.get(uid) ?? {} });
  const auth: AuthApi = {
    getUser: (uid) =>
      claims.has(uid)
        ? Promise.resolve(record(uid))
        : Promise.reject(Object.assign(new Error(), { code: 'auth/user-not-found' })),
    getUsers: () => Promise.resolve({ users: [] }),
    createUser: ({ uid }) => {
      claims.set(uid, {});
      return Promise.resolve(record(uid));
    },
    deleteUser: (uid) => Promise.resolve(void claims.delete(uid)),
    setCustomUserClaims: (uid, all) => Promise.resolve(void claims.set(uid, all)),
    listUsers: () => Promise.resolve({ users: [] }),
  };
  const bounds = { timeoutMs: 20 };
  const { service } = assemblePremium({
    store: createStore(fake.firestore, {
      ...{ clock: systemClock, random: Math.random, by: 'operator' },
      ...bounds,
    }),
    accounts: createAccounts(auth, bounds),
    mirror: undefined,
    close: () => Promise.resolve(),
  });
  return { fake, claims, service };
}

const NEVER = () => new Promise(() => undefined);

describe('a change that Firestore makes, and answers after the deadline', () => {
  it('is unknown, and given once when it is repeated', async () => {
    const { fake, claims, service } = setUp();
    const gift = { id: 'gift', days: 30 };
    fake.after = NEVER;
    await expect(service.grant(UID, gift)).rejects.toMatchObject({
      code: 'store-unavailable',
      outcome: 'unknown',
    });
    fake.after = () => undefined;
    const { changed, entitlement } = await service.grant(UID, gift);
    expect([changed, entitlement.purchases.length]).toEqual([false, 1]);
    expect(claims.get(UID)).toMatchObject({ premiumUntil: entitlement.premiumUntil });
  });

  it('is done if the client of Firestore has repeated it by itself', async () => {
    const { fake, service } = setUp();
    let lost = 1;
    // The first commit has taken effect; its repetition is refused.
    fake.after = () => {
      if (lost-- > 0) throw grpcError(6);
    };
    const { entitlement } = await service.grant(UID, { id: 'gift', days: 30 });
    expect(entitlement.purchases).toHaveLength(1);
  });

  it('is unknown as a revocation or a deletion too, and complete when it is repeated', async () => {
    const { fake, claims, service } = setUp();
    await service.grant(UID, { id: 'gift', days: 30 });
    for (const change of [() => service.revoke(UID, 'all'), () => service.remove(UID)]) {
      fake.after = NEVER;
      await expect(change()).rejects.toMatchObject({ outcome: 'unknown' });
      fake.after = () => undefined;
      await change();
    }
    expect([fake.saved.size, claims.size]).toEqual([0, 0]);
  });
});
