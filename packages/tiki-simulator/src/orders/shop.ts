import type { Schedule } from '../schedule';
import type { Lookup } from '../grants';
import { obstacle, type Order, type OrderStatus } from './order';
import type { OrderStore } from './order-store';
import type { Payment, PaymentResult } from './payment';

export interface Trigger {
  readonly status: OrderStatus;
  /** Default: the newest order that can take this status. */
  readonly orderId?: string;
}

/** "Four hours later when they walk away." */
const UNPAID_ORDER_LIFETIME_MS = 4 * 3_600_000;
const UNPAID: readonly OrderStatus[] = ['draft', 'waiting_for_payment'];
/** The documented ones of which Tiki sends a notification. */
const NOTIFIED: readonly OrderStatus[] = ['online_paid', 'canceled'];

export interface Shop {
  /** Call once for each new order. */
  readonly expireUnlessPaid: (order: Order) => void;
  readonly pay: (payment: Payment) => PaymentResult;
  /** Moves an order as Tiki or its customer would, with the notification that belongs to it. */
  readonly trigger: (trigger: Trigger) => Lookup<Order>;
}

/** What happens to orders at Tiki, where the backend is not involved. */
export function createShop(
  orders: OrderStore,
  schedule: Schedule,
  notify: (order: Order) => void,
): Shop {
  function move(orderId: string, to: OrderStatus): Lookup<Order> {
    const result = orders.move(orderId, to);
    if ('found' in result && NOTIFIED.includes(to)) notify(result.found);
    return result;
  }

  return {
    trigger({ status, orderId }) {
      const fits = (order: Order) => obstacle(order.status, status) === undefined;
      const id = orderId ?? orders.all().findLast(fits)?.id;
      return id === undefined ? { problem: `no order can become ${status}` } : move(id, status);
    },

    expireUnlessPaid({ id }) {
      schedule.after(UNPAID_ORDER_LIFETIME_MS, () => {
        const order = orders.find(id);
        if (order !== undefined && UNPAID.includes(order.status)) move(id, 'canceled');
      });
    },

    pay({ orderId, outcome = 'paid', customerId }) {
      const order = orders.find(orderId);
      if (order !== undefined && customerId !== undefined && order.customerId !== customerId) {
        return { fail: 'the order is of another customer' };
      }
      const opened = orders.openSheet(orderId);
      if ('problem' in opened) return { fail: opened.problem };
      switch (outcome) {
        case 'paid':
          move(orderId, 'online_paid');
          return { success: 'success' };
        case 'canceled':
          move(orderId, 'canceled');
          return { fail: 'the customer canceled' };
        case 'walked-away':
          return { walkedAway: true };
        case 'cash-on-delivery':
          move(orderId, 'processing');
          return { success: 'success' };
      }
    },
  };
}
