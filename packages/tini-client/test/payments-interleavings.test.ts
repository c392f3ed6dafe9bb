import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import type { TikiFirebaseError } from 'tiki-firebase-client';
import { createPaymentsServer, LEFT, PAID } from '@tiki-bridge/testing/tini-runtime/payments';
import type { MyAnswer } from '@tiki-bridge/testing/tini-runtime/phone';
import {
  AN,
  BINH,
  clientForTests,
  MINUTE_MS,
  type Scene,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';

// Whatever users, networks and restarts do: nobody pays twice for one purchase, nobody pays another's
// order, and what a failure says about its purchase is true.

const { scene } = clientForTests();

/** What the user does in Tiki's payment. */
const SHEETS = ['pays', 'pays, told late', 'leaves', 'cancels', 'walks away'] as const;

type Step =
  | { readonly is: 'press'; readonly plan: 'month' | 'year' }
  | { readonly is: 'sheet'; readonly how: (typeof SHEETS)[number] }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'fault'; readonly what: 'lost' | 'answer lost' | 'hang' }
  | { readonly is: 'busy' | 'offline' | 'online' | 'restart' | 'switch' | 'orders' | 'tell' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('press' as const),
      plan: fc.constantFrom('month' as const, 'month' as const, 'year' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('sheet' as const), how: fc.constantFrom(...SHEETS) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1_000, 20_000, 100_000, 1_200_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('fault' as const),
      what: fc.constantFrom('lost' as const, 'answer lost' as const, 'hang' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constantFrom(
        ...(['busy', 'offline', 'online', 'restart', 'switch', 'orders', 'tell'] as const),
      ),
    }),
  },
);

function createObserver({ phone, server, time, open }: Scene) {
  const bridge = createPaymentsServer(() => START + time.elapsed());
  server.beside = bridge.transport;
  const violations: string[] = [];
  /** The orders that have the customer's money, by reference. */
  const paidAtTiki = new Set<string>();
  /** Those of them that the app was told of. */
  const told = new Set<string>();
  let sheet: (typeof SHEETS)[number] = 'pays';
  let opened = 0;

  const uidOf = () => (phone.customer ? `tiki:${phone.customer.id}` : '');
  const paidOf = (uid: string, plan: string) =>
    [...bridge.orders.values()].filter(
      ({ uid: owner, planId, reference }) =>
        owner === uid && planId === plan && paidAtTiki.has(reference),
    );
  const isUntold = (uid: string, plan: string) =>
    paidOf(uid, plan).some(({ reference }) => !told.has(reference));

  function receive(reference: string): void {
    const order = bridge.orders.get(reference);
    if (order?.state === 'waiting') bridge.pay(order);
  }

  phone.pay = (orderId): MyAnswer | Promise<MyAnswer> => {
    const order = [...bridge.orders.values()].find((each) => each.orderId === orderId);
    if (order?.uid !== uidOf()) violations.push("opened the payment of another user's order");
    if (!order || paidAtTiki.has(order.reference) || order.state !== 'waiting') return LEFT;
    if (isUntold(order.uid, order.planId)) violations.push('may be paid twice');
    switch (sheet) {
      case 'pays':
      case 'pays, told late':
        paidAtTiki.add(order.reference);
        if (sheet === 'pays') receive(order.reference);
        return PAID;
      case 'cancels':
        bridge.change(order, { state: 'canceled', canceledAt: START });
        return LEFT;
      case 'leaves':
        return LEFT;
      case 'walks away':
        return new Promise(() => undefined);
    }
  };

  function start() {
    const thisStart = (opened += 1);
    return open({
      setTimeout: (callback, ms) =>
        time.setTimeout(() => {
          if (thisStart === opened) callback();
        }, ms),
    });
  }
  let app = start();

  async function press(plan: string): Promise<void> {
    const thisStart = opened;
    // Without a user nothing is known of what they bought before.
    const { uid = '' } = app.firebase.currentUser ?? {};
    try {
      const { reference, state } = await app.firebase.payments().buy(plan);
      // The app that was closed is told nothing.
      if (thisStart !== opened) return;
      if (!paidAtTiki.has(reference)) violations.push(`bought an order that is ${state}`);
      if (bridge.orders.get(reference)?.uid !== uidOf()) violations.push('shown to another user');
      told.add(reference);
    } catch (error) {
      if (thisStart !== opened) return;
      // All errors of the client have it.
      const { code, extras } = error as TikiFirebaseError;
      const { outcome } = extras;
      // Another purchase that runs is no failure of this one.
      if (code === 'failed-precondition') return;
      if (outcome === undefined) violations.push(`${code} without an outcome`);
      if (outcome === 'not-done' && isUntold(uid, plan))
        violations.push(`${code}: not done, but paid`);
      if (outcome === 'done' && paidOf(uid, plan).length === 0)
        violations.push(`${code}: done, but not paid`);
    }
  }

  async function showOrders(): Promise<void> {
    const thisStart = opened;
    const orders = await app.firebase
      .payments()
      .orders()
      .catch(() => []);
    if (thisStart !== opened) return;
    for (const { reference, state } of orders) {
      if (bridge.orders.get(reference)?.uid !== uidOf()) violations.push("another user's orders");
      if (state === 'paid') told.add(reference);
    }
  }

  async function signIn(): Promise<void> {
    const signedIn = app.firebase.signIn().catch(() => undefined);
    await time.advance(MINUTE_MS);
    await signedIn;
  }

  const actions: { readonly [S in Step['is']]: (step: Step & { is: S }) => unknown } = {
    press: ({ plan }) => void press(plan),
    sheet: ({ how }) => (sheet = how),
    pass: ({ ms }) => time.advance(ms),
    fault: ({ what }) => phone.networkFaults.push({ path: '/orders', what }),
    busy: () => server.answers.push({ path: '/orders', answer: json(503, {}) }),
    offline: () => (phone.online = false),
    online: () => (phone.online = true),
    restart: () => (app = start()),
    async switch() {
      phone.customer = phone.customer === AN ? BINH : AN;
      app.show();
      await time.settle();
      await signIn();
    },
    orders: () => void showOrders(),
    tell() {
      for (const reference of paidAtTiki) receive(reference);
    },
  };

  return {
    violations,
    bridge,
    async run(steps: readonly Step[]) {
      await signIn();
      for (const each of steps) {
        // The action of its own name.
        await (actions[each.is] as (step: Step) => unknown)(each);
        await time.settle();
      }
      await time.advance(60 * MINUTE_MS);
    },
    pending: () => time.pending(),
  };
}

it('keep purchases single, true and to their users', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 40, size: 'max' }),
      async (steps) => {
        const observer = createObserver(scene());
        await observer.run(steps);
        expect(observer.violations).toEqual([]);
        expect(observer.bridge.faults).toEqual([]);
      },
    ),
    { numRuns: runs(60, 1_500) },
  );
});
