import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { purchaseIdOf, type Order } from '../../src/payments/order';
import { Problem } from '../../src/problem';
import { EntitlementError } from '../../src/premium/entitlement-error';
import { LEASE_MS } from '../../src/premium/lease';
import type { Gate } from '../premium/memory-world';
import { HOUR_MS, memoryShop, PLANS, REFUND_MS, type MemoryShop } from './support/memory-shop';

/*
 * Customers buy, Tiki sends its messages late, repeatedly and in any order, processes die between any
 * two steps, the reconciler runs at any moment. However that comes out, it must end as a run without
 * accidents.
 */

const UIDS = ['tiki:1', 'tiki:2'];

/** What becomes of an order at Tiki. */
type Fate = 'paid' | 'never paid' | 'paid back by Tiki' | 'refunded by the operator';

interface Intent {
  readonly uid: string;
  readonly planId: string;
  readonly fate: Fate;
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
}

class Died extends Error {}

type Process = ReturnType<MemoryShop['process']>;
type Call = <T>(work: (process: Process) => Promise<T>) => Promise<T>;

/** Calls go to the living process; when it dies, those in progress get no answer. */
function mortalProcesses(
  shop: MemoryShop,
  scheduler: fc.Scheduler,
  crashes: readonly Crash[],
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
    return { process: shop.process(gate), death };
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
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      shop.premium.now += 20_000;
    }
  }
}

/** Runs everything at once. @returns the references of the orders that the customers ended with */
async function run(
  shop: MemoryShop,
  scheduler: fc.Scheduler,
  intents: readonly Intent[],
  { crashes, deliveries, reconciliations }: Accidents,
): Promise<readonly string[]> {
  const call = mortalProcesses(shop, scheduler, crashes);
  const { tiki, premium } = shop;

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

  async function live(intent: Intent, index: number): Promise<string> {
    const order = await buy(intent, index);
    const id = order.orderId ?? '';
    await scheduler.schedule(Promise.resolve(), 'the customer decides');
    tiki.become(id, intent.fate === 'never paid' ? 'canceled' : 'paid');
    if (intent.fate === 'paid back by Tiki') {
      await scheduler.schedule(Promise.resolve(), 'the customer changes their mind');
      tiki.become(id, 'canceled');
    }
    if (intent.fate === 'refunded by the operator') {
      await untilDone(shop, () => call((it) => it.refund(order.reference)));
    }
    return order.reference;
  }

  /** Takes any message that there is by now, again and again. */
  async function deliver(): Promise<void> {
    for (const which of deliveries) {
      await scheduler.schedule(Promise.resolve(), 'a message is sent');
      const message = tiki.messages[which % Math.max(1, tiki.messages.length)];
      if (!message) continue;
      await call(async (it) => (await it.take(message)).projected).catch((error: unknown) => {
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
    tiki.messages.map((message) => untilDone(shop, () => call((it) => it.take(message)))),
  );
  await scheduler.waitFor(rest);
  await scheduler.waitIdle();
  const last = shop.process();
  for (let hours = 0; hours <= REFUND_MS / HOUR_MS + 1; hours += 1) {
    premium.now += HOUR_MS + LEASE_MS;
    await last.reconcile();
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
      expect(order.state).toBe(atTiki[0]?.progress === 'waiting' ? 'waiting' : atTiki[0]?.progress);
    }
    if (order.state === 'completed')
      expect(receipts.has(`${order.uid}/${order.reference}`)).toBe(true);
  }
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
    'paid back by Tiki',
    'refunded by the operator',
  ),
  presses: fc.integer({ min: 1, max: 3 }),
});

const accidents: fc.Arbitrary<Accidents> = fc.record({
  crashes: fc.array(fc.record({ step: fc.integer({ min: 1, max: 25 }), lands: fc.boolean() }), {
    maxLength: 6,
  }),
  deliveries: fc.array(fc.nat(20), { maxLength: 12 }),
  reconciliations: fc.integer({ min: 0, max: 4 }),
});

const newShop = () => {
  const shop = memoryShop();
  for (const uid of UIDS) shop.premium.accounts.set(uid, {});
  return shop;
};

const clean: Accidents = { crashes: [], deliveries: [], reconciliations: 0 };

it('ends as a run without accidents, whatever dies, repeats, overtakes or gets lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.scheduler(),
      fc.array(intent, { minLength: 1, maxLength: 4 }),
      accidents,
      async (scheduler, other, intents, happening) => {
        const [shop, model] = [newShop(), newShop()];
        const ended = await run(shop, scheduler, intents, happening);
        const expected = await run(model, other, intents, clean);

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
