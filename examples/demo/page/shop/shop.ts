import type { TikiFirebase } from 'tiki-firebase-client';
import { recordOf, stringIn } from '../json';
import { failureFrom } from '../login/failure';
import type { OpenSession } from '../session/session';
import type { Store } from '../state';
import { isOpen, type ShopState } from './state';
import type { TikiPayments } from './tiki-payments';

/** For how long orders are read again after a press, in ms: Tiki's notifications take a moment. */
const WATCHED_MS = 15_000;

export interface ShopEffects {
  readonly firebase: Pick<TikiFirebase, 'payments'>;
  readonly tiki: TikiPayments;
  /** The premium panel reads the record and the gates again. */
  readonly changed: () => void;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** The logic of the shop; writes its results to the store. */
export interface Shop {
  /** Reads plans and orders. */
  look(): void;
  /** For polling: reads the orders while they may change, and again after a failure. */
  watch(): void;
  buy(planId: string): void;
  /** Tiki cancels an order, which is a refund once it is paid. */
  cancel(orderId: string): void;
}

export function createShop(store: Store, { firebase, tiki, changed, now }: ShopEffects): Shop {
  const payments = firebase.payments();
  let looking = false;
  let pressedAt = -WATCHED_MS;

  function current(): OpenSession | undefined {
    const { session } = store.state;
    return session.state === 'in' ? session : undefined;
  }

  /** Changes what is shown, unless somebody else is there by now. */
  function update(before: OpenSession | undefined, changes: Partial<ShopState>): void {
    if (!before || current()?.user !== before.user) return;
    store.update({ shop: { ...store.state.shop, ...changes } });
  }

  async function look(): Promise<void> {
    const before = current();
    if (!before || looking) return;
    looking = true;
    try {
      const { plans: known } = store.state.shop;
      const [plans, orders] = await Promise.all([
        known.length > 0 ? known : payments.plans(),
        payments.orders(),
      ]);
      update(before, { plans, orders, problem: undefined });
    } catch (thrown) {
      update(before, { problem: failureFrom(thrown).code });
    } finally {
      looking = false;
    }
    // Somebody who has logged in meanwhile was turned away above.
    if (current()?.user !== before.user) await look();
  }

  async function buy(planId: string): Promise<void> {
    const before = current();
    if (!before || store.state.shop.buying) return;
    pressedAt = now();
    update(before, { buying: { planId, step: 'ordering' }, result: undefined });
    try {
      await payments.buy(planId, {
        onProgress: ({ step }) => {
          update(before, { buying: { planId, step } });
          void look();
        },
      });
      update(before, { result: { kind: 'bought' } });
    } catch (thrown) {
      const { code, detail: message } = failureFrom(thrown);
      // Every failed purchase has it.
      const outcome = stringIn(recordOf(recordOf(thrown)['extras']), 'outcome');
      update(before, { result: { kind: 'failed', code, message, outcome } });
    }
    update(before, { buying: undefined });
    pressedAt = now();
    await look();
    changed();
  }

  async function cancel(orderId: string): Promise<void> {
    const before = current();
    pressedAt = now();
    try {
      await tiki.cancel(orderId);
    } catch (error) {
      const failure = { code: 'simulator', message: String(error), outcome: 'not-done' };
      update(before, { result: { kind: 'failed', ...failure } });
    }
    await look();
  }

  return {
    look: () => void look(),
    watch() {
      const { orders, problem } = store.state.shop;
      const mayChange = now() - pressedAt < WATCHED_MS || orders.some(isOpen);
      if (mayChange || problem !== undefined) void look();
    },
    buy: (planId) => void buy(planId),
    cancel: (orderId) => void cancel(orderId),
  };
}
