import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import {
  type FirestoreEngine,
  startFirestoreEngine,
} from '@tiki-bridge/testing/emulators/firestore';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { systemClock } from '../../../src/clock';
import { createCheckout } from '../../../src/payments/checkout';
import { paymentsDaily, reconcilePayments } from '../../../src/payments/jobs';
import { takeNotification } from '../../../src/payments/notification';
import { MalformedOrder } from '../../../src/payments/order';
import { createReconcile } from '../../../src/payments/reconcile';
import { createPaymentStore, type Entry } from '../../../src/payments/store';
import type { Notification } from '../../../src/providers/provider';
import { memoryTiki, PLANS, REFUND_MS } from '../../payments/support/memory-shop';

const PROJECT = 'demo-tiki-bridge';
const START_MS = 300_000;
const INSTANCES = 3;
const CONTEXT = { deadline: () => 60_000, caller: 'test' };

describeWithFirestore('payments, before the real Firestore', () => {
  let engine: FirestoreEngine;
  let apps: App[];
  let firestore: Firestore;
  const tiki = memoryTiki();
  beforeAll(async () => {
    const started = await startFirestoreEngine({ projectId: PROJECT });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    apps = Array.from({ length: INSTANCES }, (_, index) =>
      initializeApp({ projectId: PROJECT }, `instance-${index}`),
    );
    const [app] = apps;
    if (!app) throw new Error('no app');
    firestore = getFirestore(app);
  }, START_MS);
  afterAll(async () => {
    await Promise.all(apps.map(deleteApp));
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    await engine.stop();
  }, START_MS);

  /** One instance of the function, with a store of its own. */
  function instance(index: number) {
    const app = apps[index % INSTANCES];
    if (!app) throw new Error('no such instance');
    const store = createPaymentStore(getFirestore(app), {
      ...{ clock: systemClock, random: Math.random, projectId: PROJECT, by: 'tiki' },
      ...{ callMs: 30_000, changeMs: 120_000 },
    });
    const payments = tiki.payments(() => Promise.resolve());
    return {
      ...{ store, payments, plans: PLANS, refundMs: 0, clock: systemClock },
      project: () => Promise.resolve(),
      log: () => undefined,
    };
  }

  const place = (customerId: string, idempotencyKey: string) =>
    createCheckout(instance(0))(
      { uid: `tiki:${customerId}`, customerId, planId: 'month', idempotencyKey },
      CONTEXT,
    );

  const take = (index: number, message: Notification) => {
    const { store, payments, log } = instance(index);
    const verified = { ...payments, verifyNotification: () => message };
    const effects = { store, payments: verified, projectId: PROJECT, log };
    return takeNotification(message, effects, CONTEXT);
  };

  it('is put together by the scheduled functions', async () => {
    const env = {
      ...{ GCLOUD_PROJECT: PROJECT, PAYMENT_PLANS: 'plans.json' },
      ...{ TIKI_CLIENT_KEY: 'key', TIKI_CLIENT_SECRET: 'secret' },
      // Nobody is asked there: the only order has no id at Tiki.
      ...{ TIKI_API_BASE_URL: 'http://127.0.0.1:1', FIRESTORE_EMULATOR_HOST: engine.host },
    };
    const create = () => Promise.reject(new Error('the process dies'));
    const placed = createCheckout({ ...instance(0), payments: { create } })(
      { uid: 'tiki:4', customerId: '4', planId: 'month', idempotencyKey: 'l'.repeat(16) },
      CONTEXT,
    );
    await expect(placed).rejects.toThrow('the process dies');
    const [order] = (await firestore.collection('orders').get()).docs;
    expect(order?.get('state')).toBe('creating');
    await order?.ref.update({ sentAt: 1, dueAt: 1 });

    await reconcilePayments(env);
    expect((await order?.ref.get())?.get('state')).toBe('abandoned');
    await paymentsDaily(env);
  });

  it('gives one order for a button that is pressed twenty times at once', async () => {
    const before = tiki.created;
    const presses = Array.from({ length: 20 }, (_, index) =>
      createCheckout(instance(index))(
        { uid: 'tiki:1', customerId: '1', planId: 'month', idempotencyKey: 'k'.repeat(16) },
        CONTEXT,
      ),
    );
    const orders = (await Promise.all(presses)).map(({ order }) => order);

    expect(new Set(orders.map(({ reference }) => reference)).size).toBe(1);
    expect(tiki.created - before).toBe(1);
    const stored = await firestore.collection('orders').where('uid', '==', 'tiki:1').get();
    expect(stored.docs.map((it) => it.get('state') as unknown)).toEqual(['waiting']);
  });

  it('has one effect of a message that comes a hundred times at once', async () => {
    const { order } = await place('2', 'a-key-of-16-chars');
    tiki.become(order.orderId ?? '', 'paid');
    const message = tiki.messages.at(-1);
    if (!message) throw new Error('no message');
    const all = Array.from({ length: 100 }, (_, index) => take(index, message));
    const recorded = await Promise.all(all);

    expect(recorded.filter(({ changed }) => changed)).toHaveLength(1);
    const document = firestore.doc(`orders/${order.reference}`);
    expect((await document.get()).data()).toMatchObject({ state: 'paid', orderId: order.orderId });
    const messages = await document.collection('orderMessages').get();
    expect(messages.docs.map(({ id }) => id)).toEqual([message.messageId]);
    // A field of TTL is a time.
    expect(messages.docs[0]?.get('expiresAt')).toHaveProperty('seconds');
    const entitlement = (await firestore.doc('entitlements/tiki:2').get()).data();
    expect(entitlement).toMatchObject({ version: 1 });
    expect(Object.keys(entitlement?.['purchases'] as object)).toEqual([`order-${order.reference}`]);
    const receipts = await firestore.collection('users/tiki:2/receipts').get();
    expect(receipts.docs.map((it) => it.data())).toMatchObject([
      { reference: order.reference, priceVnd: 49_000, state: 'paid', refundedAt: null },
    ]);
  });

  it('loses no purchase when many orders of one customer are paid at once', async () => {
    const orders = await Promise.all(
      Array.from({ length: 10 }, (_, index) => place('3', `key-number-${index}-0123456789`)),
    );
    const messages = orders.map(({ order }) => {
      tiki.become(order.orderId ?? '', 'paid');
      const message = tiki.messages.at(-1);
      if (!message) throw new Error('no message');
      return message;
    });
    await Promise.all(messages.map((message, index) => take(index, message)));

    const entitlement = (await firestore.doc('entitlements/tiki:3').get()).data();
    expect(Object.keys(entitlement?.['purchases'] as object)).toHaveLength(10);
    const [at] = (await firestore.collection('orders').where('uid', '==', 'tiki:3').get()).docs.map(
      (it) => it.get('paidAt') as number,
    );
    const days = ((entitlement?.['premiumUntil'] as number) - (at ?? 0)) / 86_400_000;
    expect(Math.round(days)).toBe(300);
  });

  it('finds the newest orders of a user, those that are due, and those of a time', async () => {
    const { store } = instance(0);
    const newest = await store.newest(3, 'tiki:3');
    expect(newest).toHaveLength(3);
    const times = newest.map(({ order }) =>
      order instanceof MalformedOrder ? 0 : order.createdAt,
    );
    expect(times).toEqual([...times].sort((one, other) => other - one));

    await firestore.doc('orders/o-by-hand').set({ dueAt: 5, state: 'paid', updatedAt: 5 });
    const all = async (pages: AsyncIterable<readonly Entry[]>) => {
      const found: Entry[] = [];
      for await (const page of pages) found.push(...page);
      return found;
    };
    expect(await all(store.due(4))).toEqual([]);
    const [malformed, ...rest] = await all(store.due(Date.now() + 3 * REFUND_MS));
    expect(malformed?.order).toBeInstanceOf(MalformedOrder);
    expect(rest).toHaveLength(12);
    expect(await all(store.between('updatedAt', 0, 6))).toHaveLength(1);
    expect(await all(store.between('paidAt', 0, Date.now() + REFUND_MS))).toHaveLength(11);
    expect(await store.premiumUntilOf('tiki:404')).toBeNull();
    await expect(store.read('o-by-hand')).rejects.toBeInstanceOf(MalformedOrder);
  });

  it('completes at Tiki once, by reconcilers that run at once', async () => {
    const later = { ...systemClock, now: () => Date.now() + 2 * REFUND_MS };
    const reports = await Promise.all(
      // The accounts have everything: what is pending here is premium's business.
      [0, 1].map((index) => createReconcile({ ...instance(index), clock: later })()),
    );
    const completed = reports.reduce((sum, report) => sum + report.completed, 0);
    expect(completed).toBe(11);
    expect(new Set(tiki.completed).size).toBe(tiki.completed.length);
    const left = await firestore.collection('orders').where('state', '==', 'paid').get();
    // It is out of the way for an hour, and nothing else of it is changed.
    expect(left.docs.map(({ id }) => id)).toEqual(['o-by-hand']);
    const { dueAt, ...rest } = left.docs[0]?.data() ?? {};
    expect(dueAt).toBeGreaterThan(later.now());
    expect(rest).toEqual({ state: 'paid', updatedAt: 5 });
  });
});
