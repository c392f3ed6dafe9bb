import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runs } from '@tiki-bridge/testing/deep';
import {
  type FirestoreEngine,
  startFirestoreEngine,
} from '@tiki-bridge/testing/emulators/firestore';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { type RunningFunction, startFunction } from '@tiki-bridge/testing/google/framework';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import fc from 'fast-check';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import { systemClock } from '../../../src/clock';
import { createCheckout, type Checkout } from '../../../src/payments/checkout';
import { openPlatform } from '../../../src/payments/open-payments';
import { parseSellingParameters } from '../../../src/payments/parameters';
import { createPaymentStore } from '../../../src/payments/store';
import { httpClient } from '../../../src/upstream/http-client';
import { PLANS, REFUND_MS } from '../../payments/support/memory-shop';

const FUNCTIONS = path.resolve(__dirname, '../../..');
const START_MS = 300_000;
const PROJECT = 'demo-tiki-bridge';
const CREDENTIALS = { clientKey: 'key', clientSecret: 'secret' };
/** More than the schedule of repeats. */
const TWO_DAYS_MS = 48 * 3_600_000;
const KILLS = runs(2, 20);
/** Chooses when each process is killed; `KILLS_SEED=<the seed in the test's name>` repeats a run. */
const SEED = Number(process.env['KILLS_SEED'] ?? 20_261_127);

describeWithFirestore(`the deployed function payments, killed (KILLS_SEED=${SEED})`, () => {
  let engine: FirestoreEngine;
  let tiki: TikiSimulator;
  let running: RunningFunction;
  let app: App;
  let firestore: Firestore;
  let checkout: Checkout;
  const http = httpClient(systemClock);

  /** What the function gets; without Firebase Auth, which is the reconciler's to catch up with. */
  const environment = () => ({
    GCLOUD_PROJECT: PROJECT,
    TIKI_CLIENT_KEY: CREDENTIALS.clientKey,
    TIKI_CLIENT_SECRET: CREDENTIALS.clientSecret,
    TIKI_API_BASE_URL: tiki.apiBaseUrl,
    PAYMENT_PLANS: 'plans.example.json',
    FIRESTORE_EMULATOR_HOST: engine.host,
    METADATA_SERVER_DETECTION: 'none',
  });

  const start = async () => {
    running = await startFunction({ source: FUNCTIONS, target: 'payments', env: environment() });
    tiki.registerIpnUrl(`${running.origin}/tiki_ipn`);
  };

  beforeAll(async () => {
    const started = await startFirestoreEngine({ projectId: PROJECT });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    tiki = await startTikiSimulator({ ...CREDENTIALS, schedule: 'advance' });
    app = initializeApp({ projectId: PROJECT }, 'payments-kills');
    firestore = getFirestore(app);
    checkout = createCheckout({
      store: createPaymentStore(firestore, {
        ...{ clock: systemClock, random: Math.random, projectId: PROJECT, by: 'tiki' },
        ...{ callMs: 30_000, changeMs: 60_000 },
      }),
      payments: openPlatform(parseSellingParameters(environment()), http),
      ...{ plans: PLANS, refundMs: REFUND_MS, log: () => undefined },
    });
    await start();
  }, START_MS);
  afterAll(async () => {
    await running.stop();
    await deleteApp(app);
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    http.close();
    await Promise.all([tiki.close(), engine.stop()]);
  }, START_MS);

  async function paid(customerId: string): Promise<string> {
    const { order } = await checkout(
      { uid: `tiki:${customerId}`, customerId, planId: 'month', idempotencyKey: 'k'.repeat(16) },
      { deadline: () => 60_000, caller: 'test' },
    );
    tiki.pay({ orderId: order.orderId ?? '' });
    return order.reference;
  }

  async function expectOneEffect(customerId: string, reference: string) {
    const order = (await firestore.doc(`orders/${reference}`).get()).data();
    expect(order).toMatchObject({ state: 'paid' });
    const messages = await firestore.collection(`orders/${reference}/orderMessages`).get();
    expect(messages.size).toBe(1);
    const entitlement = (await firestore.doc(`entitlements/tiki:${customerId}`).get()).data();
    expect(entitlement).toMatchObject({
      version: 1,
      premiumUntil: Number(order?.['paidAt']) + 30 * 86_400_000,
      purchases: { [`order-${reference}`]: { days: 30, status: 'active' } },
    });
    const receipts = await firestore.collection(`users/tiki:${customerId}/receipts`).get();
    expect(receipts.docs.map((it) => it.data())).toMatchObject([{ reference, state: 'paid' }]);
  }

  it('has one effect of a message that comes a hundred times at once', async () => {
    tiki.setFault({ path: 'ipn', times: 1, fault: { kind: 'repeated', copies: 99 } });
    const reference = await paid('50');
    await tiki.advance(0);
    const [message] = tiki.messages;
    expect(message?.attempts).toHaveLength(100);
    // Those that waited too long are repeated by Tiki's schedule.
    await tiki.advance(TWO_DAYS_MS);
    expect(message?.state).toBe('delivered');
    await expectOneEffect('50', reference);
  });

  it('has recorded each payment once, whatever was killed and repeated', async () => {
    // The first one also opens connections.
    const references = [await paid('1'), await paid('2')];
    await tiki.advance(0);
    const reference = await paid('3');
    const begin = performance.now();
    await tiki.advance(0);
    const duration = performance.now() - begin;
    for (const [index, each] of [...references, reference].entries()) {
      await expectOneEffect(String(index + 1), each);
    }

    const jitter = fc.sample(fc.noBias(fc.nat(999)), { seed: SEED, numRuns: KILLS });
    for (const [index, part] of jitter.entries()) {
      const customerId = String(100 + index);
      const killed = await paid(customerId);
      const interrupted = tiki.advance(0);
      await delay((duration * (index + part / 1_000)) / KILLS);
      process.kill(-running.pid, 'SIGKILL');
      await interrupted;
      await running.stop();
      await start();
      // By Tiki's schedule.
      await tiki.advance(TWO_DAYS_MS);
      expect(tiki.messages.at(-1)?.state).toBe('delivered');
      await expectOneEffect(customerId, killed);
    }
  });
});
