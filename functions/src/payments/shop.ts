import type { LogEntry } from 'firebase-functions/logger';
import { within } from '../clock';
import type { Project } from '../premium/projection';
import { Problem } from '../problem';
import type { Notification, Payments } from '../providers/provider';
import type { RequestContext } from '../upstream/request-context';
import { createCheckout, type Checkout, type OrderWithPremium } from './checkout';
import { takeNotification } from './notification';
import { MalformedOrder, type Order } from './order';
import type { Plan } from './plans';
import { tryToProject } from './project-premium';
import type { PaymentStore } from './store';

/** As many as a page shows. */
const MAX_ORDERS = 50;
/** How long the answer about an order waits for the account, ms. */
const PROJECT_MS = 3_000;

export interface ShopEffects {
  readonly store: PaymentStore;
  readonly payments: Payments;
  readonly project: Project;
  readonly plans: readonly Plan[];
  /** For how long after the payment Tiki can pay back, ms. */
  readonly refundMs: number;
  readonly projectId: string;
  readonly log: (entry: LogEntry) => void;
}

/** What customers and the platform ask for. */
export interface Shop {
  readonly checkout: Checkout;
  /**
   * One order of a user. If its purchase is stored and not on the account yet, it gets there first: the
   * app refreshes its token as soon as it reads that the order is paid.
   *
   * @throws Problem `not-found`, also for another user's
   */
  readonly orderOf: (uid: string, reference: string) => Promise<OrderWithPremium>;
  /** The newest orders of a user. */
  readonly ordersOf: (
    uid: string,
  ) => Promise<{ readonly orders: readonly Order[]; readonly premiumUntil: number | null }>;
  /** Resolves when the notification is stored; see `takeNotification`. */
  readonly take: (
    notification: Notification,
    context: RequestContext,
  ) => Promise<{
    readonly order: Order;
    /** Resolves when premium is on the account, or could not be put there. */
    readonly projected: Promise<void>;
  }>;
}

export function createShop(effects: ShopEffects): Shop {
  const { store } = effects;

  return {
    checkout: createCheckout(effects),
    orderOf: async (uid, reference) => {
      const { order, entitlement } = await store.change({ reference, uid }, (seen) => ({
        result: seen,
      }));
      if (order?.uid !== uid) throw new Problem('not-found');
      // The reconciler finishes what takes longer.
      await within(PROJECT_MS, tryToProject({ order, entitlement }, effects)).catch(
        () => undefined,
      );
      return { order, premiumUntil: entitlement?.premiumUntil ?? null };
    },
    ordersOf: async (uid) => {
      const entries = await store.newest(MAX_ORDERS, uid);
      const orders = entries.flatMap(({ order }) =>
        order instanceof MalformedOrder ? [] : [order],
      );
      const premiumUntil = await store.premiumUntilOf(uid);
      return { orders, premiumUntil };
    },
    take: async (notification, context) => {
      const recorded = await takeNotification(notification, effects, context);
      return { order: recorded.order, projected: tryToProject(recorded, effects) };
    },
  };
}
