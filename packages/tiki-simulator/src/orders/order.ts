/** The documented statuses. All but `canceled` are in the order in which an order passes them. */
export const ORDER_STATUSES = [
  'draft',
  'waiting_for_payment',
  'waiting_for_verification',
  'online_paid',
  'processing',
  'on_delivery',
  'completed',
  'canceled',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface OrderItem {
  readonly name: string;
  readonly quantity: number;
  readonly priceVnd: number;
}

/** What `POST /order/multi-sku` asks for. */
export interface NewOrder {
  /** Positive int64 in decimal. */
  readonly customerId: string;
  readonly items: readonly OrderItem[];
  /** Items and shipping fee. */
  readonly grandTotalVnd: number;
  readonly extra: string;
  readonly referenceId: string;
}

export interface Order extends NewOrder {
  /** Decimal, 18 digits. */
  readonly id: string;
  readonly status: OrderStatus;
  /** Empty until the customer has opened the payment sheet, as is `tikiOrderCode`. */
  readonly tikiOrderId: string;
  readonly tikiOrderCode: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Paid online; still true after a refund. */
  readonly paid: boolean;
  /** Cancelled after it was paid online. */
  readonly refunded: boolean;
}

const COMPLETABLE: readonly OrderStatus[] = ['online_paid', 'processing', 'on_delivery'];

/** Why an order cannot go from one status to another; undefined if it can. */
export function obstacle(from: OrderStatus, to: OrderStatus): string | undefined {
  if (from === 'completed' || from === 'canceled') return `the order is ${from}, which is final`;
  if (to === 'canceled') return undefined;
  if (ORDER_STATUSES.indexOf(to) <= ORDER_STATUSES.indexOf(from)) {
    return `the order is ${from} and cannot become ${to}`;
  }
  if (to === 'completed' && !COMPLETABLE.includes(from)) {
    return `the order is ${from}; only ${COMPLETABLE.join(', ')} can be completed`;
  }
  return undefined;
}

/** The order after that move, which must be possible. */
export function moved(order: Order, to: OrderStatus): Order {
  const paid = order.paid || to === 'online_paid';
  return { ...order, status: to, paid, refunded: paid && to === 'canceled' };
}
