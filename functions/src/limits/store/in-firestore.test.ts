import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../../clock';
import {
  startLoopbackFirestore,
  type LoopbackFirestore,
} from '../../../test/support/loopback-firestore';
import { httpClient } from '../../upstream/http-client';
import { rateLimit } from '../rate-limit';
import { inFirestore } from './in-firestore';

const MINUTE_MS = 60_000;
const ADDRESS = '203.0.113.7';

let firestore: LoopbackFirestore;
beforeEach(async () => {
  firestore = await startLoopbackFirestore();
});
const http = httpClient(systemClock);
afterEach(async () => {
  http.close();
  await firestore.close();
});

function instance() {
  let later = 0;
  const entries: LogEntry[] = [];
  const limit = rateLimit(
    1_000,
    inFirestore({
      projectId: 'shop',
      emulatorHost: firestore.host,
      secret: 'canary-secret',
      http,
      clock: { ...systemClock, elapsed: () => systemClock.elapsed() + later },
      log: (entry) => entries.push(entry),
      timeoutMs: 10_000,
    }),
  );
  return { limit, entries, wait: (ms: number) => (later += ms) };
}

describe('inFirestore', () => {
  it('counts, and logs nothing', async () => {
    const { limit, entries } = instance();
    await limit(ADDRESS, 1);
    expect(firestore.commits).toMatchObject([
      {
        path: '/v1/projects/shop/databases/(default)/documents:commit',
        authorization: 'Bearer owner',
      },
    ]);
    expect(JSON.stringify(firestore.commits)).not.toMatch(/203\.0\.113\.7|canary/);
    expect(entries).toEqual([]);
  });

  it('writes one by one, however many requests of one address come at once', async () => {
    const { limit } = instance();
    await Promise.all(Array.from({ length: 60 }, () => limit(ADDRESS, 1)));
    const increments = [...JSON.stringify(firestore.commits).matchAll(/"integerValue":"(\d+)"/g)];
    expect(increments.reduce((sum, [, points]) => sum + Number(points), 0)).toBe(60);
    // One, or two if a minute ends just then.
    expect(increments.length).toBeLessThanOrEqual(2);
  });

  it('counts in memory without the store, and logs it once in a while', async () => {
    const { limit, entries, wait } = instance();
    firestore.behave({ status: 403, body: '{"error":{"status":"PERMISSION_DENIED"}}' });
    for (let i = 0; i < 10; i += 1) await limit(ADDRESS, 1);
    expect(entries).toEqual([
      {
        severity: 'WARNING',
        message:
          'rate limit: this instance counts on its own: ' +
          'The account that this service runs as may not write to Firestore',
        operator: {
          cause: 'The account that this service runs as may not write to Firestore',
          remedy: expect.stringContaining('roles/datastore.user') as string,
        },
        failures: 1,
        error: expect.objectContaining({ name: 'StoreRefusal' }) as object,
      },
    ]);
    wait(5 * MINUTE_MS);
    for (let i = 0; i < 3; i += 1) await limit(ADDRESS, 1);
    expect(entries.map(({ failures }) => failures as number)).toEqual([1, 10]);
    expect(JSON.stringify(entries)).not.toMatch(/203\.0\.113\.7|canary/);
  });

  it('counts in memory where the project is not known', async () => {
    const entries: LogEntry[] = [];
    const open = inFirestore({
      projectId: undefined,
      emulatorHost: undefined,
      secret: 'canary-secret',
      http,
      clock: systemClock,
      log: (entry) => entries.push(entry),
    });
    await rateLimit(1, open)(ADDRESS, 1);
    expect(entries).toMatchObject([{ operator: { cause: 'The id of this project is not known' } }]);
  });
});
