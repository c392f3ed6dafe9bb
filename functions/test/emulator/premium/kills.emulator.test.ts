import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { runBridge, spawnBridge } from '@tiki-bridge/cli/run';
import { runs } from '@tiki-bridge/testing/deep';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import fc from 'fast-check';
import { connect, type Connection } from '../../../src/premium/connection';
import type { Entitlement } from '../../../src/premium/document';
import { DAY_MS } from '../../../src/premium/purchase';
import { type Playground, startPlayground } from './playground';

const START_MS = 300_000;
const KILLS = runs(1, 10);
/** Chooses when each process is killed; `KILLS_SEED=<the seed in the test's name>` repeats a run. */
const SEED = Number(process.env['KILLS_SEED'] ?? 20_261_122);

const ID = 'gift';
const DAYS = 30;
const grant = (uid: string) => ['premium', 'grant', uid, '--days', `${DAYS}`, '--id', ID];

/** The lease of a killed process lasts a minute; on a busy machine calls may time out. */
const RETRYABLE =
  /^(?:Not done|Unknown) \((projection-busy|store-unavailable|account-unavailable)\)/m;

describeWithFirestore(`premium, from a command line that is killed (KILLS_SEED=${SEED})`, () => {
  let playground: Playground;
  let connection: Connection;

  beforeAll(async () => {
    playground = await startPlayground();
    Object.assign(process.env, playground.env);
    connection = await connect({
      ...{ projectId: playground.bridge.projectId, by: 'operator', timeoutMs: 30_000 },
    });
    playground.atClose(() => connection.close());
  }, START_MS);

  afterAll(async () => {
    await playground.close();
  }, START_MS);

  const stored = (uid: string) =>
    connection.store.change<Entitlement | undefined>(uid, (found) => ({ result: found }));

  /**
   * Starts a grant, and ends it with `kill` after its first line of output. Before that line it only
   * loads its modules.
   *
   * @returns how long it ran after that line, ms
   */
  async function grantUntil(uid: string, kill?: { readonly afterMs: number }): Promise<number> {
    const child = spawnBridge(grant(uid), playground.env);
    const closed = once(child, 'close');
    child.stderr.resume();
    await Promise.race([once(child.stdout, 'data'), closed]);
    const begin = performance.now();
    if (kill) {
      await delay(kill.afterMs);
      child.kill('SIGKILL');
    }
    await closed;
    return performance.now() - begin;
  }

  async function repeatUntilDone(uid: string): Promise<void> {
    for (;;) {
      const { code, stderr } = await runBridge(grant(uid), playground.env);
      if (code === 0) return;
      if (!RETRYABLE.test(stderr)) throw new Error(stderr);
    }
  }

  /** How far a killed grant got. */
  async function progressOf(uid: string) {
    const found = await stored(uid);
    if (!found) return 'not stored';
    if (found.projectedVersion === found.version) return 'complete';
    return found.lease ? 'stored and leased' : 'stored';
  }

  it('has granted once after a kill at any moment and repetitions of the command', async () => {
    // The first run fills caches.
    await grantUntil('tiki:300');
    const duration = await grantUntil('tiki:301');
    const jitter = fc.sample(fc.noBias(fc.nat(999)), { seed: SEED, numRuns: KILLS });
    const uids = jitter.map((_, index) => `tiki:${400 + index}`);
    for (const [index, uid] of uids.entries()) {
      const part = (index + (jitter[index] ?? 0) / 1_000) / KILLS;
      await grantUntil(uid, { afterMs: part * duration });
    }
    const reached = await Promise.all(uids.map(progressOf));
    // jest reserves standard output.
    process.stderr.write(`\nKilled within ${Math.round(duration)} ms: ${reached.join(', ')}\n`);

    for (const uid of uids) {
      await repeatUntilDone(uid);
      const entitlement = await stored(uid);
      expect(entitlement?.purchases).toMatchObject([{ id: ID, days: DAYS, status: 'active' }]);
      const premiumUntil = (entitlement?.purchases[0]?.at ?? NaN) + DAYS * DAY_MS;
      expect(entitlement).toMatchObject({ premiumUntil, version: 1, projectedVersion: 1 });
      const claims = { premiumAccount: true, premiumUntil };
      expect(await connection.accounts.read(uid)).toEqual({ uid, claims });
    }
  });
});
