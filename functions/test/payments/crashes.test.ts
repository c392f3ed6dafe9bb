import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { purchaseIdOf, type Order } from '../../src/payments/order';
import { Problem } from '../../src/problem';
import { EntitlementError } from '../../src/premium/entitlement-error';
import { LEASE_MS } from '../../src/premium/lease';
import type { Notification } from '../../src/providers/provider';
import type { Gate } from '../premium/memory-world';
import {
  HOUR_MS,
  memoryShop,
  PLANS,
  REFUND_MS,
  type Creation,
  type MemoryShop,
} from './support/memory-shop';

/*
 * Customers buy, Tiki sends its messages late, repeatedly and in any order, its answers lag behind or
 * get lost, processes die between any two steps, the reconciler runs at any moment and by a wrong clock,
 * operators do what its findings ask for. However that comes out, it must end as a run without accidents.
 */

const UIDS = ['tiki:1', 'tiki:2'];

/** Far more than any failure here lasts. */
const MAX_TRIES = 500;

/** What becomes of an order at Tiki. */
type Fate =
  'paid' | 'never paid' | 'cash on delivery' | 'paid back by Tiki' | 'refunded by the operator';

interface Intent {
  readonly uid: string;
  readonly planId: string;
  readonly fate: Fate;
  /** Whether Tiki begins to deliver it, which hides whether it was paid. */
  readonly isDelivered: boolean;
  /** How often the button is pressed at once. */
  readonly presses: number;
}

/** Where a process dies: at which of its effects, and whether that one still takes effect. */
interface Crash {
  readonly step: number;
  readonly lands: boolean;
}

interface Accidents {
  /** For each process in turn; processes after these live. */
  readonly crashes: readonly Crash[];
  /** In which order messages are taken, and how often. */
  readonly deliveries: readonly number[];
  readonly reconciliations: number;
  /** How far the clock of the processes is ahead of Firestore's. */
  readonly aheadMs: number;
  /** What comes of the first calls that create an order. */
  readonly creations: readonly Creation[];
  /** Which of Tiki's first answers are from before the last change of their order. */
  readonly lags: readonly boolean[];
}

class Died extends Error {}

type Process = ReturnType<MemoryShop['process']>;
type Call = <T>(work: (process: Process) => Promise<T>) => Promise<T>;

/** Calls go to the living process; when it dies, those in progress get no answer. */
function mortalProcesses(
  shop: MemoryShop,
  scheduler: fc.Scheduler,
  { crashes, aheadMs }: Accidents,
): Call {
  const left = [...crashes];

  function start() {
    const end = left.shift();
    let die: () => void = () => undefined;
    const death = new Promise<never>((_, reject) => {
      die = () => {
        reject(new Died());
      };
    });
    death.catch(() => undefined);
    let steps = 0;
    const gate: Gate = async (place) => {
      steps += 1;
      if (end && steps >= end.step) {
        die();
        if (current.death === death) current = start();
        if (steps > end.step || !end.lands) await new Promise(() => undefined);
      }
      await scheduler.schedule(Promise.resolve(), place);
    };
    return { process: shop.process(gate, {}, { aheadMs }), death };
  }

  let current = start();
  return (work) => {
    // Looked at first: it may die at once.
    const { process, death } = current;
    return Promise.race([work(process), death]);
  };
}

/** What a caller sees of a failure that passes. */
const isTemporary = (error: unknown) =>
  error instanceof Died ||
  (error instanceof Problem && error.code !== 'unauthenticated') ||
  error instanceof EntitlementError;

/** Repeats a call a while later: the lease of a process that died has to end. */
async function untilDone<T>(shop: MemoryShop, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error) || tries === MAX_TRIES) throw error;
      shop.premium.now += 20_000;
    }
  }
}

/** Runs everything at once. @returns the references of the orders that the customers ended with */
async function run(
  shop: MemoryShop,
  scheduler: fc.Scheduler,
  intents: readonly Intent[],
  accidents: Accidents,
): Promise<readonly string[]> {
  const { deliveries, reconciliations } = accidents;
  const call = mortalProcesses(shop, scheduler, accidents);
  const { tiki, premium } = shop;
  tiki.creations.push(...accidents.creations);
  tiki.lags.push(...accidents.lags);
  const answered = new Set<Notification>();

  const take = (message: Notification) =>
    call(async (it) => {
      await (
        await it.take(message)
      ).projected;
      answered.add(message);
    });

  /** Asks for the order again until there is one to pay; an abandoned one is asked for anew. */
  async function buy({ uid, planId, presses }: Intent, index: number): Promise<Order> {
    for (let attempt = 1; ; attempt += 1) {
      const key = `intent-${index}-attempt-${attempt}`;
      const press = () => untilDone(shop, () => call((it) => it.press(uid, planId, key)));
      const [pressed] = await Promise.all(Array.from({ length: presses }, press));
      let order = pressed?.order;
      while (order?.state === 'creating') {
        await scheduler.schedule(Promise.resolve(), 'the customer waits');
        premium.now += 30_000;
        await untilDone(shop, () => call((it) => it.reconcile()));
        order = (await press()).order;
      }
      if (order && order.orderId !== null) return order;
    }
  }

  /** An operator who is told that nobody has paid, and sees in Tini Console that somebody has. */
  async function refund(reference: string): Promise<void> {
    for (let tries = 1; tries < MAX_TRIES; tries += 1) {
      const { how } = await untilDone(shop, () => call((it) => it.refund(reference)));
      if (how !== 'not-paid') return;
      await untilDone(shop, () => call((it) => it.reconcile({ reference, isPaid: true })));
    }
  }

  async function live(intent: Intent, index: number): Promise<string> {
    const order = await buy(intent, index);
    const id = order.orderId ?? '';
    await scheduler.schedule(Promise.resolve(), 'the customer decides');
    if (intent.fate === 'never paid') tiki.become(id, 'canceled');
    else if (intent.fate === 'cash on delivery') tiki.become(id, 'delivering', false);
    else {
      tiki.become(id, 'paid');
      if (intent.isDelivered) {
        await scheduler.schedule(Promise.resolve(), 'Tiki begins to deliver');
        tiki.become(id, 'delivering', false);
      }
    }
    if (intent.fate === 'paid back by Tiki') {
      await scheduler.schedule(Promise.resolve(), 'the customer changes their mind');
      tiki.become(id, 'canceled');
    }
    if (intent.fate === 'refunded by the operator') {
      await refund(order.reference);
    }
    return order.reference;
  }

  /** Takes any message that there is by now, again and again. */
  async function deliver(): Promise<void> {
    for (const which of deliveries) {
      await scheduler.schedule(Promise.resolve(), 'a message is sent');
      const message = tiki.messages[which % Math.max(1, tiki.messages.length)];
      if (!message) continue;
      await take(message).catch((error: unknown) => {
        if (!isTemporary(error)) throw error;
      });
    }
  }

  async function reconcile(): Promise<void> {
    for (let times = 0; times < reconciliations; times += 1) {
      premium.now += 60_000;
      await untilDone(shop, () => call((it) => it.reconcile()));
    }
  }

  const all = Promise.all(intents.map(live));
  await scheduler.waitFor(Promise.all([all, deliver(), reconcile()]));
  // Tiki goes on until each message has been answered.
  const rest = Promise.all(
    tiki.messages
      .filter((message) => !answered.has(message))
      .map((message) => untilDone(shop, () => take(message))),
  );
  await scheduler.waitFor(rest);
  await scheduler.waitIdle();
  tiki.lags.length = 0;
  const last = shop.process();
  for (let hours = 0; hours <= REFUND_MS / HOUR_MS + 2; hours += 1) {
    premium.now += HOUR_MS + LEASE_MS;
    for (const { kind, reference } of (await last.reconcile()).findings) {
      // What the log entry tells operators to do, who look at Tini Console.
      if (kind === 'withheld') await last.reconcile({ removeAny: true });
      const { orderId } = shop.orders.get(reference) ?? {};
      const isPaid = tiki.paid.has(orderId ?? '');
      if (kind === 'unpaid' && isPaid) await last.reconcile({ reference, isPaid });
    }
  }
  return all;
}

/** All that an order may go through: never back, and final is final. */
const MOVES = ['creating', 'abandoned', 'waiting', 'paid'].flatMap((from, rank, all) => [
  ...all.slice(Math.max(rank + 1, 2)).map((to) => `${from} → ${to}`),
  ...['completed', 'canceled'].map((to) => `${from} → ${to}`),
]);

/** What must be true at the end, whatever happened. */
function expectSettled(shop: MemoryShop): void {
  expect(
    [...shop.moves].filter((move) => ![...MOVES, 'creating → abandoned'].includes(move)),
  ).toEqual([]);
  const { orders, tiki, premium, receipts } = shop;
  const ours = [...orders.values()];
  for (const order of ours) {
    const atTiki = [...tiki.orders.values()].filter(
      ({ reference }) => reference === order.reference,
    );
    expect(atTiki.length).toBeLessThanOrEqual(1);
    if (order.orderId !== null) {
      const { progress = 'unknown' } = atTiki[0] ?? {};
      expect(order.state).toBe(progress === 'delivering' ? 'waiting' : progress);
    }
    if (order.state === 'completed') {
      expect(receipts.has(`${order.uid}/${order.reference}`)).toBe(true);
      expect(tiki.paid).toContain(order.orderId);
      expect((order.completedAt ?? 0) - (order.paidAt ?? 0)).toBeGreaterThanOrEqual(REFUND_MS);
      expect(order.refundedAt).toBeNull();
    }
  }
  // Never an order that Tiki did not say was paid for at that time.
  expect(tiki.completedFrom.filter((it) => it !== 'paid' && it !== 'delivering')).toEqual([]);
  for (const uid of UIDS) {
    const entitlement = premium.documents.get(uid);
    const purchases = entitlement?.purchases ?? [];
    const paid = ours.filter((order) => order.uid === uid && order.state === 'completed');
    const active = purchases.filter(({ status }) => status === 'active');
    expect(active.map(({ id }) => id).sort()).toEqual(paid.map(purchaseIdOf).sort());
    const granted = active.reduce((sum, it) => sum + ('days' in it ? it.days : NaN), 0);
    expect(granted).toBe(paid.reduce((sum, { days }) => sum + days, 0));
    const until = entitlement?.premiumUntil ?? null;
    expect(premium.accounts.get(uid)).toEqual(
      until === null ? {} : { premiumAccount: true, premiumUntil: until },
    );
  }
  const completed = ours.filter(({ state }) => state === 'completed').map(({ orderId }) => orderId);
  expect([...tiki.completed].sort()).toEqual(completed.sort());
  expect(ours.filter(({ state }) => state === 'creating' || state === 'paid')).toEqual([]);
}

const intent: fc.Arbitrary<Intent> = fc.record({
  uid: fc.constantFrom(...UIDS),
  planId: fc.constantFrom(...PLANS.map(({ id }) => id)),
  fate: fc.constantFrom<Fate>(
    'paid',
    'never paid',
    'cash on delivery',
    'paid back by Tiki',
    'refunded by the operator',
  ),
  isDelivered: fc.boolean(),
  presses: fc.integer({ min: 1, max: 3 }),
});

/** A few of any kind, or so many that are paid back that it may be no accident. */
const intents = fc.oneof(
  { weight: 9, arbitrary: fc.array(intent, { minLength: 1, maxLength: 5 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        intent.map((it): Intent => ({ ...it, fate: 'paid back by Tiki', presses: 1 })),
        { minLength: 6, maxLength: 8 },
      )
      .map((all) =>
        // One customer may not have that many open orders.
        all.map((it, index): Intent => ({ ...it, uid: UIDS[index % UIDS.length] ?? it.uid })),
      ),
  },
);

const accidents: fc.Arbitrary<Accidents> = fc.record({
  crashes: fc.array(fc.record({ step: fc.integer({ min: 1, max: 25 }), lands: fc.boolean() }), {
    maxLength: 6,
  }),
  deliveries: fc.array(fc.nat(20), { maxLength: 12 }),
  reconciliations: fc.integer({ min: 0, max: 4 }),
  aheadMs: fc.constantFrom(0, 25 * HOUR_MS),
  creations: fc.array(
    fc.constantFrom<Creation>('created', 'created, unclear', 'not created, unclear', 'refused'),
    { maxLength: 4 },
  ),
  lags: fc.array(fc.boolean(), { maxLength: 12 }),
});

const newShop = () => {
  const shop = memoryShop();
  for (const uid of UIDS) shop.premium.accounts.set(uid, {});
  return shop;
};

const clean: Accidents = {
  ...{ crashes: [], deliveries: [], reconciliations: 0 },
  ...{ aheadMs: 0, creations: [], lags: [] },
};

it('ends as a run without accidents, whatever dies, repeats, overtakes or gets lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.scheduler(),
      intents,
      accidents,
      async (scheduler, other, wanted, happening) => {
        const [shop, model] = [newShop(), newShop()];
        const ended = await run(shop, scheduler, wanted, happening);
        const expected = await run(model, other, wanted, clean);

        expectSettled(shop);
        expectSettled(model);
        const states = (of: MemoryShop, references: readonly string[]) =>
          references.map((reference) => of.orders.get(reference)?.state);
        expect(states(shop, ended)).toEqual(states(model, expected));
      },
    ),
    { numRuns: runs(100, 2_000) },
  );
});
