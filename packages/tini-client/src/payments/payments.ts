import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { mistyped } from '../mistyped';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { ask, read } from './ask';
import { isOver, isPaid, type Order, ordersIn, type Plan, plansIn } from './order';
import { createPendingPurchases } from './pending';
import { type BuyProgress, purchase } from './purchase';
import { withOutcome } from './with-outcome';

export interface BuyOptions {
  /** Called at each step, for the user who buys only. */
  readonly onProgress?: (progress: BuyProgress) => void;
}

/** Premium, paid with Tiki's own payment. */
export interface Payments {
  /** What can be bought. Needs no login. */
  readonly plans: () => Promise<readonly Plan[]>;
  /**
   * Buys a plan: orders it, opens Tiki's payment, waits until the bridge knows that it is paid, and
   * refreshes the token, so that `isPremium()` and security rules know it too. Call it from a tap.
   * Resolves to the paid order.
   *
   * A second call while the first runs is the same purchase. So is one after a purchase whose outcome
   * the app never learnt, also after a restart: if that was paid, it resolves to its order.
   *
   * Every failure has `extras.outcome`: `done`, `not-done`, or `unknown` for a purchase that may still be
   * paid. `payment-canceled`: the order was cancelled; `payment-unfinished`: the user left Tiki's payment;
   * `payment-pending`: not paid yet as far as the bridge knows, such as cash on delivery.
   */
  readonly buy: (planId: string, options?: BuyOptions) => Promise<Order>;
  /** The user's orders, newest first; 50 at most. */
  readonly orders: () => Promise<readonly Order[]>;
}

/** A purchase that runs. */
interface Running {
  readonly planId: string;
  readonly order: Promise<Order>;
  readonly listeners: ((progress: BuyProgress) => void)[];
}

/** Pass it to createTikiFirebase as `payments`. */
export function payments(connection: Connection): Payments {
  const { baseUrl, failWith } = connection;
  const purchases = createPendingPurchases(connection);
  /** By uid. */
  const running = new Map<string, Running>();

  function start(user: User, planId: string, listeners: Running['listeners']): Running {
    const report = (progress: BuyProgress) => {
      for (const listener of listeners) {
        // Asynchronous, so that a listener that throws does not end the purchase.
        void Promise.resolve(progress).then(listener);
      }
    };
    async function run(): Promise<Order> {
      try {
        return await purchase(connection, purchases, { user, planId }, report);
      } finally {
        running.delete(user.uid);
      }
    }
    const begun = { planId, order: run(), listeners };
    running.set(user.uid, begun);
    return begun;
  }

  return {
    plans: () =>
      withRetry(connection, async () =>
        read(connection, await send(connection, { url: `${baseUrl}/plans` }), plansIn),
      ),
    async buy(planId, options) {
      const { onProgress } = options || {};
      const types = { planId: 'string', onProgress: 'function' };
      const wrong = mistyped({ planId, onProgress }, types, ['planId']) || (!planId && 'planId');
      if (wrong) failWith('invalid-argument', { detail: wrong, outcome: 'not-done' });
      const user = await withOutcome(connection, () => 'not-done', connection.user);
      // Nothing is awaited up to the start, so that two taps find each other.
      const first = running.get(user.uid);
      if (first && first.planId !== planId) {
        failWith('failed-precondition', { detail: first.planId, outcome: 'not-done' });
      }
      const listeners = first ? first.listeners : [];
      if (onProgress) listeners.push(onProgress);
      return (first || start(user, planId, listeners)).order;
    },
    async orders() {
      const user = await connection.user();
      const found = await withRetry(connection, () =>
        ask(connection, user, { url: '/orders' }, ordersIn),
      );
      const known = found.filter((order) => isPaid(order) || isOver(order));
      await purchases.endAll(known.map(({ reference }) => reference));
      return found;
    },
  };
}
