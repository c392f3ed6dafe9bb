import type { Lookup } from '../grants';
import { moved, obstacle, type NewOrder, type Order, type OrderStatus } from './order';

export interface OrderStoreOptions {
  readonly now: () => number;
  /** A new random number of so many decimal digits, without a leading zero. */
  readonly randomDigits: (count: number) => string;
  /** Called with each order after it was created or has changed. */
  readonly onChange: (order: Order) => void;
}

export interface OrderStore {
  create(order: NewOrder): Order;
  find(id: string): Order | undefined;
  /** Each at most once and without the unknown ones, oldest first, whatever order was asked for. */
  list(ids: readonly string[]): readonly Order[];
  readonly all: () => readonly Order[];
  move(id: string, to: OrderStatus): Lookup<Order>;
  /** The first time, the order gets its numbers in Tiki's shop. */
  openSheet(id: string): Lookup<Order>;
}

/** Orders in memory. */
export function createOrderStore(options: OrderStoreOptions): OrderStore {
  const { now, randomDigits, onChange } = options;
  const orders = new Map<string, Order>();

  function keep(order: Order): Order {
    orders.set(order.id, order);
    onChange(order);
    return order;
  }

  function move(id: string, to: OrderStatus): Lookup<Order> {
    const order = orders.get(id);
    if (order === undefined) return { problem: `there is no order ${id}` };
    const problem = obstacle(order.status, to);
    return problem === undefined ? { found: keep(moved(order, to)) } : { problem };
  }

  return {
    create: (order) =>
      keep({
        ...order,
        id: randomDigits(18),
        status: 'draft',
        tikiOrderId: '',
        tikiOrderCode: '',
        createdAt: now(),
        paid: false,
        refunded: false,
      }),
    find: (id) => orders.get(id),
    list: (ids) => [...orders.values()].filter(({ id }) => ids.includes(id)),
    all: () => [...orders.values()],
    move,
    openSheet(id) {
      const order = orders.get(id);
      if (order === undefined) return { problem: `there is no order ${id}` };
      // Opened before, and left unpaid.
      if (order.status === 'waiting_for_payment') return { found: order };
      if (order.status !== 'draft') {
        return { problem: `the order is ${order.status}; it can be paid once` };
      }
      const numbers = { tikiOrderId: randomDigits(9), tikiOrderCode: randomDigits(9) };
      return { found: keep({ ...moved(order, 'waiting_for_payment'), ...numbers }) };
    },
  };
}
