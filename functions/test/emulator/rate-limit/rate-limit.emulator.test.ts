import path from 'node:path';
import {
  startFirestoreEngine,
  type FirestoreEngine,
} from '@tiki-bridge/testing/emulators/firestore';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { startInstance, type Answer, type Instance } from './instances';

const PROJECT = 'demo-tiki-bridge';
const MINUTE = 60_000;
/** The start of a window. */
const NOON = Date.UTC(2026, 10, 22, 12);
/** 30 per minute plus a burst of 10. */
const QUOTA = 40;

describeWithFirestore('a rate limit in Firestore', () => {
  let engine: FirestoreEngine;
  let one: Instance;
  let two: Instance;
  let three: Instance;

  beforeAll(async () => {
    const started = await startFirestoreEngine({
      projectId: PROJECT,
      rulesFile: path.join(PROJECT_ROOT, 'firestore.rules'),
    });
    if ('unavailable' in started) throw new Error(started.unavailable);
    engine = started;
    const env = { GCLOUD_PROJECT: PROJECT, FIRESTORE_EMULATOR_HOST: engine.host };
    [one, two, three] = await Promise.all([
      startInstance(env),
      startInstance(env),
      startInstance(env),
    ]);
    // The engine's first commit is its slowest.
    await one.consume({ address: '198.51.100.1', times: 1, now: NOON });
  });

  afterAll(async () => {
    await Promise.all([one, two, three].map((instance) => instance.stop()));
    await engine.stop();
  });

  /** From two instances concurrently. */
  async function consume(address: string, times: readonly [number, number], now: number) {
    const answers: readonly Answer[] = await Promise.all([
      one.consume({ address, times: times[0], now }),
      two.consume({ address, times: times[1], now }),
    ]);
    expect(answers.flatMap(({ failures }) => failures)).toEqual([]);
    return answers.map(({ allowed }) => allowed);
  }
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

  async function documents(authorization: Readonly<Record<string, string>>) {
    const url = `http://${engine.host}/v1/projects/${PROJECT}/databases/(default)/documents/rateLimits?pageSize=300`;
    return fetch(url, { headers: authorization });
  }

  it('allows an address exactly its quota over two instances, for any number of concurrent calls', async () => {
    expect(sum(await consume('203.0.113.7', [30, 30], NOON))).toBe(QUOTA);
    expect(sum(await consume('203.0.113.7', [10, 10], NOON + MINUTE - 1))).toBe(0);
    expect(sum(await consume('203.0.113.8', [20, 20], NOON))).toBe(QUOTA);
  });

  it('loses no count when two instances start a window concurrently', async () => {
    expect(await consume('203.0.113.9', [15, 15], NOON)).toEqual([15, 15]);
    expect(sum(await consume('203.0.113.9', [30, 30], NOON + MINUTE))).toBe(QUOTA);
  });

  it('rejects in one instance what others have counted, through the HTTP API', async () => {
    const exchange = async ({ origin }: Instance) => {
      const { status } = await fetch(`${origin}/auth_exchange`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.10' },
        body: JSON.stringify({ code: 'unknown.code' }),
      });
      return status;
    };
    const statuses: number[] = [];
    // Each alone would admit 40. Three times the quota, so that it is exceeded even if a new window
    // starts in between.
    for (let i = 0; i < QUOTA; i += 1) {
      for (const instance of [one, two, three]) statuses.push(await exchange(instance));
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('stores only counts and their expiry, under opaque names', async () => {
    const response = await documents({ Authorization: 'Bearer owner' });
    const { documents: found } = (await response.json()) as {
      documents: { name: string; fields: Record<string, unknown> }[];
    };
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const { name, fields } of found) {
      expect(name).toMatch(/\/rateLimits\/[0-9a-f]{32}$/);
      expect(fields).toEqual({
        count: { integerValue: expect.stringMatching(/^\d+$/) as string },
        expiresAt: { timestampValue: expect.stringMatching(/:00Z$/) as string },
      });
    }
    expect(JSON.stringify(found)).not.toMatch(/203\.0\.113|198\.51\.100/);
  });

  it('is not readable by clients', async () => {
    expect((await documents({})).status).toBe(403);
  });

  it('continues in the memory of each instance without Firestore', async () => {
    await engine.stop();
    const order = { address: '203.0.113.11', times: 45, now: NOON };
    const answers = await Promise.all([one.consume(order), two.consume(order)]);
    for (const { allowed, failures } of answers) {
      expect(allowed).toBe(QUOTA);
      expect(failures).toEqual([
        {
          cause: 'Firestore cannot be reached (ECONNREFUSED)',
          remedy: expect.stringContaining('RATE_LIMIT_STORE=memory') as string,
        },
      ]);
    }
  });
});
