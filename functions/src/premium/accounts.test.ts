import { createAccounts, type AuthApi } from './accounts';

const authError = (code: string) => Object.assign(new Error(code), { code });
const unexpected = () => Promise.reject(new Error('unexpected call'));
const accountsOn = (auth: Partial<AuthApi>) =>
  createAccounts({
    getUser: unexpected,
    getUsers: unexpected,
    createUser: unexpected,
    deleteUser: unexpected,
    setCustomUserClaims: unexpected,
    listUsers: unexpected,
    ...auth,
  });

describe('accounts', () => {
  it('reads claims, and returns {} for an account without any', async () => {
    const accounts = accountsOn({
      getUser: (uid) =>
        Promise.resolve(uid === 'tiki:1' ? { uid, customClaims: { role: 'x' } } : { uid }),
    });
    expect(await accounts.read('tiki:1')).toEqual({ uid: 'tiki:1', claims: { role: 'x' } });
    expect(await accounts.read('tiki:2')).toEqual({ uid: 'tiki:2', claims: {} });
  });

  it('returns undefined for a user who never signed in', async () => {
    const accounts = accountsOn({
      getUser: () => Promise.reject(authError('auth/user-not-found')),
    });
    expect(await accounts.read('tiki:1')).toBeUndefined();
  });

  it('creates an account with only a uid, and accepts an existing one', async () => {
    const created: object[] = [];
    const accounts = accountsOn({
      createUser: (properties) => {
        created.push(properties);
        return created.length === 1
          ? Promise.resolve(properties)
          : Promise.reject(authError('auth/uid-already-exists'));
      },
    });
    await accounts.create('tiki:1');
    await accounts.create('tiki:1');
    expect(created).toEqual([{ uid: 'tiki:1' }, { uid: 'tiki:1' }]);
  });

  it('deletes an account, and accepts that there is none', async () => {
    const uids = ['tiki:1'];
    const accounts = accountsOn({
      deleteUser: () =>
        uids.pop() === undefined
          ? Promise.reject(authError('auth/user-not-found'))
          : Promise.resolve(),
    });
    expect([await accounts.remove('tiki:1'), await accounts.remove('tiki:1')]).toEqual([
      true,
      false,
    ]);
  });

  it('looks up many accounts in one call, and makes no call for none', async () => {
    const accounts = accountsOn({
      getUsers: (wanted) => Promise.resolve({ users: wanted.slice(1) }),
    });
    expect([...(await accounts.readMany(['tiki:1', 'tiki:2'])).values()]).toEqual([
      { uid: 'tiki:2', claims: {} },
    ]);
    expect((await accountsOn({}).readMany([])).size).toBe(0);
  });

  it('lists page by page', async () => {
    const accounts = accountsOn({
      listUsers: (size, token) =>
        Promise.resolve(
          token === undefined
            ? { users: [{ uid: `${size}` }], pageToken: 'next' }
            : { users: [{ uid: token }] },
        ),
    });
    const first = await accounts.list(undefined);
    expect(first).toEqual({ accounts: [{ uid: '1000', claims: {} }], nextPageToken: 'next' });
    expect(await accounts.list('next')).toEqual({
      accounts: [{ uid: 'next', claims: {} }],
      nextPageToken: undefined,
    });
  });

  it('writes claims', async () => {
    const written: unknown[] = [];
    const accounts = accountsOn({
      setCustomUserClaims: (...args) => Promise.resolve(void written.push(args)),
    });
    await accounts.writeClaims('tiki:1', { role: 'x' });
    expect(written).toEqual([['tiki:1', { role: 'x' }]]);
  });

  it.each(['read', 'create'] as const)('wraps any other failure of %s', async (name) => {
    const cause = authError('auth/insufficient-permission');
    const failing = () => Promise.reject(cause);
    const accounts = accountsOn({ getUser: failing, createUser: failing });
    await expect(accounts[name]('tiki:1')).rejects.toMatchObject({
      code: 'account-unavailable',
      cause,
    });
  });

  it('times out', async () => {
    const accounts = accountsOn({ getUser: () => new Promise(() => undefined) });
    await expect(accounts.read('tiki:1')).rejects.toMatchObject({
      code: 'account-unavailable',
      message: 'Firebase Auth did not answer within 2000 ms',
    });
  });
});
