import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { purchaseIdOf, type Order, type OrderState } from '../../src/payments/order';
import { Problem } from '../../src/problem';
import { EntitlementError } from '../../src/premium/entitlement-error';
import { LEASE_MS } from '../../src/premium/lease';
import type { Notification, PlatformOrder } from '../../src/providers/provider';
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
const FATES = [
  'paid',
  'never paid',
  'cash on delivery',
  'paid back by Tiki',
  'refunded by the operator',
] as const;
type Fate = (typeof FATES)[number];

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
  /**
   * What becomes of orders whose creation got lost, so that no app knows them: Tiki cancels them after
   * four hours, or customers find and pay them there.
   */
  readonly strays: 'paid' | 'canceled';
}

/** What is used of it: without one, everything happens as soon as it can. */
type Scheduler = Pick<fc.Scheduler, 'schedule' | 'waitFor' | 'waitIdle'>;

type OnStep = (place: string, isFatal: boolean) => void;

class Died extends Error {}

type Process = ReturnType<MemoryShop['process']>;
type Call = <T>(work: (process: Process) => Promise<T>) => Promise<T>;

/**
 * Calls go to the living process; when it dies, those in progress get no answer.
 *
 * @param onStep Called at each step, with whether the process died there.
 */
function mortalProcesses(
  shop: MemoryShop,
  scheduler: Scheduler,
  { crashes, aheadMs }: Accidents,
  onStep: OnStep,
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
      onStep(place, steps === end?.step);
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
  scheduler: Scheduler,
  intents: readonly Intent[],
  accidents: Accidents,
  onStep: OnStep = () => undefined,
): Promise<readonly string[]> {
  const { deliveries, reconciliations } = accidents;
  const call = mortalProcesses(shop, scheduler, accidents, onStep);
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
      // After this time orders are due that wait for a payment.
      premium.now += 6 * 60_000;
      await untilDone(shop, () => call((it) => it.reconcile()));
    }
  }

  /** Does what the log entry tells operators to do, who look at Tini Console. */
  async function operate(): Promise<void> {
    const { findings } = await call((it) => it.reconcile());
    for (const { kind, reference } of findings) {
      if (kind === 'withheld') await call((it) => it.reconcile({ removeAny: true }));
      const { orderId } = shop.orders.get(reference) ?? {};
      const isPaid = tiki.paid.has(orderId ?? '');
      if (kind === 'unpaid' && isPaid) await call((it) => it.reconcile({ reference, isPaid }));
    }
  }

  const all = Promise.all(intents.map(live));
  await scheduler.waitFor(Promise.all([all, deliver(), reconcile()]));
  for (const { id, progress } of tiki.orders.values()) {
    if (progress === 'waiting') tiki.become(id, accidents.strays);
  }
  // Tiki goes on until each message has been answered.
  const rest = Promise.all(
    tiki.messages
      .filter((message) => !answered.has(message))
      .map((message) => untilDone(shop, () => take(message))),
  );
  await scheduler.waitFor(rest);
  tiki.lags.length = 0;
  const passTime = async (): Promise<void> => {
    for (const ms of [HOUR_MS, REFUND_MS, HOUR_MS, HOUR_MS, HOUR_MS]) {
      premium.now += ms + LEASE_MS;
      await untilDone(shop, operate);
    }
  };
  await scheduler.waitFor(passTime());
  await scheduler.waitIdle();
  return all;
}

/** All that an order may go through: never back, and final is final. */
const MOVES = ['creating', 'abandoned', 'waiting', 'paid'].flatMap((from, rank, all) => [
  ...all.slice(Math.max(rank + 1, 2)).map((to) => `${from} → ${to}`),
  ...['completed', 'canceled'].map((to) => `${from} → ${to}`),
]);

const DAY_MS = 86_400_000;

/** What was paid for an order, in days of premium, by Tiki's amount alone. */
const daysPaid = ({ amountVnd }: PlatformOrder): number =>
  PLANS.find(({ priceVnd }) => BigInt(priceVnd) === amountVnd)?.days ?? NaN;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const activeOf = (shop: MemoryShop, uid: string) =>
  (shop.premium.documents.get(uid)?.purchases ?? []).filter(({ status }) => status === 'active');

const daysGranted = (shop: MemoryShop, uid: string): number =>
  sum(activeOf(shop, uid).map((each) => ('days' in each ? each.days : NaN)));

/** What must be true after each transaction. @returns what is not */
function wrongsNow(shop: MemoryShop): readonly string[] {
  const { orders, tiki, receipts } = shop;
  const ours = [...orders.values()];
  const premium = UIDS.flatMap((uid) => {
    const open = ours.filter((it) => it.uid === uid && it.paidAt !== null && !it.refundedAt);
    const days = sum(open.map(({ orderId }) => daysPaid(tiki.orderOf(orderId ?? ''))));
    const granted = daysGranted(shop, uid);
    return granted === days ? [] : [`${uid} has ${granted} days for ${days}`];
  });
  const forged = ours.filter(({ orderId, paidAt }) => paidAt && !tiki.paid.has(orderId ?? ''));
  const unreceipted = ours.filter(
    ({ uid, reference, paidAt }) => (paidAt !== null) !== receipts.has(`${uid}/${reference}`),
  );
  return [
    ...premium,
    ...forged.map(({ reference }) => `${reference} was never paid`),
    ...unreceipted.map(({ reference }) => `${reference} and its receipt differ`),
  ];
}

/** Cash on delivery: nothing says that it was paid. */
const stateFor = ({ progress }: PlatformOrder) =>
  progress === 'delivering' ? 'waiting' : progress;

/** What must be true at the end, whatever happened. */
function expectSettled(shop: MemoryShop): void {
  expect(
    [...shop.moves].filter((move) => ![...MOVES, 'creating → abandoned'].includes(move)),
  ).toEqual([]);
  const { orders, tiki, premium, receipts, messages } = shop;
  const ours = [...orders.values()];
  const theirs = [...tiki.orders.values()];
  // Each order at Tiki is known, and each one that is known is there: once, and in the same state.
  expect(
    ours.flatMap(({ reference, orderId, state }) => (orderId ? [[reference, orderId, state]] : [])),
  ).toEqual(expect.arrayContaining(theirs.map((it) => [it.reference, it.id, stateFor(it)])));
  expect(ours.filter(({ orderId }) => orderId !== null)).toHaveLength(theirs.length);
  const isCod = ({ orderId }: Order) => tiki.orders.get(orderId ?? '')?.progress === 'delivering';
  expect(
    ours.filter((order) => {
      const { orderId, state } = order;
      const last = orderId === null ? 'abandoned' : isCod(order) ? 'waiting' : 'completed';
      return state !== last && state !== 'canceled';
    }),
  ).toEqual([]);
  // Completed is only what Tiki said was paid for at that time, and what can no longer be paid back.
  expect(tiki.completedFrom.filter((it) => it !== 'paid' && it !== 'delivering')).toEqual([]);
  for (const { state, paidAt, completedAt, refundedAt } of ours) {
    if (state !== 'completed') continue;
    expect((completedAt ?? NaN) - (paidAt ?? NaN)).toBeGreaterThanOrEqual(REFUND_MS);
    expect(refundedAt).toBeNull();
  }
  // Each message is recorded once, and the newest one about an order is its watermark.
  expect([...messages.keys()].sort()).toEqual(
    tiki.messages.map(({ order, messageId }) => `${order.reference ?? ''}/${messageId}`).sort(),
  );
  for (const { reference, uid, watermark, state, refundedAt } of ours) {
    const about = tiki.messages.filter(({ order }) => order.reference === reference);
    expect(watermark).toBe(about.at(-1)?.createdAt ?? null);
    const receipt = receipts.get(`${uid}/${reference}`);
    if (receipt) expect(receipt).toMatchObject({ state, refundedAt });
  }
  for (const uid of UIDS) {
    const bought = theirs.filter(({ progress, reference = '' }) => {
      return progress === 'completed' && orders.get(reference)?.uid === uid;
    });
    const active = activeOf(shop, uid);
    expect(active.map(({ id }) => id).sort()).toEqual(
      bought.map(({ reference = '' }) => purchaseIdOf({ reference })).sort(),
    );
    expect(daysGranted(shop, uid)).toBe(sum(bought.map(daysPaid)));
    const paidAt = ours
      .filter((order) => order.uid === uid && order.state === 'completed')
      .map((order) => ({ at: order.paidAt ?? NaN, days: order.days }))
      .sort((one, other) => one.at - other.at);
    // Days are added to what is left; those who have nothing start when they pay.
    const until = paidAt.reduce((end, { at, days }) => Math.max(end, at) + days * DAY_MS, 0);
    expect(premium.accounts.get(uid)).toEqual(
      until === 0 ? {} : { premiumAccount: true, premiumUntil: until },
    );
  }
  const completed = theirs.filter(({ progress }) => progress === 'completed').map(({ id }) => id);
  expect([...tiki.completed].sort()).toEqual(completed.sort());
}

const intent: fc.Arbitrary<Intent> = fc.record({
  uid: fc.constantFrom(...UIDS),
  planId: fc.constantFrom(...PLANS.map(({ id }) => id)),
  fate: fc.constantFrom(...FATES),
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
  crashes: fc.array(fc.record({ step: fc.integer({ min: 1, max: 60 }), lands: fc.boolean() }), {
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
  strays: fc.constantFrom('paid', 'canceled'),
});

/** The state in which an order ends. */
const END: Readonly<Record<Fate, OrderState>> = {
  paid: 'completed',
  'never paid': 'canceled',
  // Until Tiki has the money, and completes it.
  'cash on delivery': 'waiting',
  'paid back by Tiki': 'canceled',
  'refunded by the operator': 'canceled',
};

/** Everything happens as soon as it can, so each run takes the same steps. */
const inTurn: Scheduler = {
  schedule: (task) => task,
  waitFor: (work) => work,
  waitIdle: () => Promise.resolve(),
};

function newShop() {
  const shop = memoryShop();
  for (const uid of UIDS) shop.premium.accounts.set(uid, {});
  const wrongs: string[] = [];
  shop.watch.committed = () => wrongs.push(...wrongsNow(shop));
  return Object.assign(shop, { wrongs });
}

const NO_ACCIDENTS: Accidents = {
  ...{ crashes: [], deliveries: [], reconciliations: 0, strays: 'canceled' },
  ...{ aheadMs: 0, creations: [], lags: [] },
};

function expectNoWrongs(...shops: readonly ReturnType<typeof newShop>[]): void {
  for (const shop of shops) {
    expect(shop.wrongs).toEqual([]);
    expectSettled(shop);
  }
}

const statesOf = (shop: MemoryShop, references: readonly string[]) =>
  references.map((reference) => shop.orders.get(reference)?.state);

it('ends as a run without accidents, whatever dies, repeats, overtakes or gets lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), intents, accidents, async (scheduler, wanted, happening) => {
      const [shop, model] = [newShop(), newShop()];
      const ended = await run(shop, scheduler, wanted, happening);
      const expected = await run(model, inTurn, wanted, NO_ACCIDENTS);

      expectNoWrongs(shop, model);
      expect(statesOf(shop, ended)).toEqual(statesOf(model, expected));
    }),
    { numRuns: runs(100, 2_000) },
  );
});

it('ends so wherever a process dies, at each of its steps in turn', async () => {
  const seen = new Set<string>();
  const fatal = new Set<string>();

  /** @returns whether the process has taken so many steps */
  async function dieAt(crash: Crash, fate: Fate): Promise<boolean> {
    let hasDied = false;
    const shop = newShop();
    const bought: Intent = {
      ...{ uid: 'tiki:1', planId: 'month', fate, presses: 1, isDelivered: true },
    };
    const happening: Accidents = {
      ...NO_ACCIDENTS,
      ...{ crashes: [crash], deliveries: [0, 0, 1], reconciliations: 1, strays: 'paid' },
    };
    const ended = await run(shop, inTurn, [bought], happening, (place, isFatal) => {
      seen.add(place);
      if (!isFatal) return;
      fatal.add(place);
      hasDied = true;
    });
    expectNoWrongs(shop);
    expect(statesOf(shop, ended)).toEqual([END[fate]]);
    return hasDied;
  }

  for (const fate of FATES) {
    for (const lands of [true, false]) {
      for (let step = 1; await dieAt({ step, lands }, fate);) step += 1;
    }
  }
  // Only those who find another process at work sleep.
  seen.delete('sleep');
  expect([...fatal].sort()).toEqual([...seen].sort());
  expect(fatal).toContain('tiki completed');
});
