import { createMirror, type DatabaseApi } from './mirror';

function databaseWith(set: (value: unknown) => Promise<unknown>, value: unknown = null) {
  const paths: string[] = [];
  const database: DatabaseApi = {
    ref: (path) => {
      paths.push(path);
      return { set, get: () => Promise.resolve({ val: () => value }) };
    },
  };
  return { mirror: createMirror(database), paths };
}

describe('the mirror', () => {
  it('writes the one value that rules read, and null to remove it', async () => {
    const values: unknown[] = [];
    const { mirror, paths } = databaseWith((value) => Promise.resolve(values.push(value)));
    await mirror.write('tiki:1', 5_000);
    await mirror.write('tiki:1', null);
    expect(values).toEqual([5_000, null]);
    expect(new Set(paths)).toEqual(new Set(['entitlements/tiki:1/premiumUntil']));
  });

  it('reads a value of any type', async () => {
    const { mirror } = databaseWith(() => Promise.resolve(), 'odd');
    expect(await mirror.read('tiki:1')).toBe('odd');
  });

  it('wraps a failure', async () => {
    const cause = new Error('PERMISSION_DENIED');
    const { mirror } = databaseWith(() => Promise.reject(cause));
    await expect(mirror.write('tiki:1', 1)).rejects.toMatchObject({
      code: 'mirror-unavailable',
      cause,
    });
  });

  it('times out: offline, the client would queue the write', async () => {
    const { mirror } = databaseWith(() => new Promise(() => undefined));
    await expect(mirror.write('tiki:1', 1)).rejects.toMatchObject({
      code: 'mirror-unavailable',
      message: 'Realtime Database did not answer within 2000 ms',
    });
  });
});
