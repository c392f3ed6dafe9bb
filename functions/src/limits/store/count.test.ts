import { systemClock } from '../../clock';
import { keptToken } from '../../google/kept-token';
import { httpClient } from '../../upstream/http-client';
import {
  startLoopbackFirestore,
  type LoopbackFirestore,
} from '../../../test/support/loopback-firestore';
import { countInFirestore, type Count, type CountSettings } from './count';

const EXPIRES_AT = Date.UTC(2026, 10, 22, 9, 1);

let firestore: LoopbackFirestore;
const http = httpClient(systemClock);
beforeEach(async () => {
  firestore = await startLoopbackFirestore();
});
afterEach(async () => {
  http.close();
  await firestore.close();
});

const counting = (settings: Partial<CountSettings> = {}): Count =>
  countInFirestore({
    origin: `http://${firestore.host}`,
    projectId: 'shop',
    withToken: (call) => call('token'),
    http,
    clock: systemClock,
    timeoutMs: 10_000,
    ...settings,
  });

describe('countInFirestore', () => {
  it('answers what each count has come to', async () => {
    const count = counting();
    expect(await count('a', 1, EXPIRES_AT)).toBe(1);
    expect(await count('a', 2, EXPIRES_AT)).toBe(3);
    expect(await count('b', 1, EXPIRES_AT)).toBe(1);
  });

  it('sends one commit, with a token, and waits for nothing else', async () => {
    await counting()('a', 1, EXPIRES_AT);
    const documents = 'projects/shop/databases/(default)/documents';
    expect(firestore.commits).toEqual([
      {
        path: `/v1/${documents}:commit`,
        authorization: 'Bearer token',
        body: {
          writes: [
            {
              update: {
                name: `${documents}/rateLimits/a`,
                fields: { expiresAt: { timestampValue: '2026-11-22T09:01:00.000Z' } },
              },
              updateMask: { fieldPaths: ['expiresAt'] },
              updateTransforms: [{ fieldPath: 'count', increment: { integerValue: '1' } }],
            },
          ],
        },
      },
    ]);
  });

  it.each([403, 429, 503])('fails when Firestore answers %d', async (status) => {
    firestore.behave({ status, body: '{"error":{"status":"SAID_SO"}}' });
    await expect(counting()('a', 1, EXPIRES_AT)).rejects.toMatchObject({
      name: 'StoreRefusal',
      status,
      body: expect.stringContaining('SAID_SO') as string,
    });
  });

  it.each([
    '',
    '{}',
    '<html>',
    '{"writeResults":[{"transformResults":[{"integerValue":"many"}]}]}',
    '{"writeResults":[{"transformResults":[{"integerValue":"-1"}]}]}',
    '{"writeResults":[]}',
  ])('fails when Firestore answers %j', async (body) => {
    firestore.behave({ status: 200, body });
    await expect(counting()('a', 1, EXPIRES_AT)).rejects.toThrow();
  });

  it('drops a token that Firestore refuses and counts with a new one', async () => {
    let fetched = 0;
    const tokens = keptToken(() => {
      fetched += 1;
      if (fetched === 2) firestore.behave('counts');
      return Promise.resolve({ value: `token-${fetched}`, lifetimeMs: 3_600_000 });
    }, systemClock);
    firestore.behave({ status: 401, body: '{"error":{"status":"UNAUTHENTICATED"}}' });
    const count = counting({ withToken: tokens.use });
    expect(await count('a', 1, EXPIRES_AT)).toBe(1);
    expect(await count('a', 1, EXPIRES_AT)).toBe(2);
    expect(firestore.commits.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
      'Bearer token-2',
    ]);
  });

  it('does not follow a redirect with its token', async () => {
    firestore.behave({ status: 307, body: '' });
    await expect(counting()('a', 1, EXPIRES_AT)).rejects.toMatchObject({ status: 307 });
  });

  it('gives up in time when Firestore does not answer, and lets go of the connection', async () => {
    firestore.behave('silent');
    await expect(counting({ timeoutMs: 50 })('a', 1, EXPIRES_AT)).rejects.toThrow(
      'took longer than 50 ms',
    );
    await firestore.abandoned;
  });

  it('gives up in time when there is no token, and sends nothing later', async () => {
    let give: (token: string) => void = () => undefined;
    const token = new Promise<string>((resolve) => (give = resolve));
    const count = counting({ timeoutMs: 50, withToken: async (call) => call(await token) });
    await expect(count('a', 1, EXPIRES_AT)).rejects.toThrow('took longer than 50 ms');
    give('late');
    await counting()('b', 1, EXPIRES_AT);
    expect(firestore.commits).toHaveLength(1);
  });
});
