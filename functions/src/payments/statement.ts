import { deadlineIn, type Clock } from '../clock';
import type { OrderProgress, Payments, PlatformOrder } from '../providers/provider';
import { MalformedOrder, type Order, type OrderState } from './order';
import { mismatchOf, type Mismatch } from './state';
import type { Entry, InstantField, PaymentStore } from './store';

/** One call to Tiki with its repetitions, ms. */
const CALL_MS = 15_000;

/** How our orders and Tiki's can differ. */
export interface Difference {
  readonly reference: string;
  readonly orderId: string | null;
  readonly what: Mismatch | 'malformed' | 'missing' | 'state';
}

/** What Tiki says of an order in this state. */
const AGREES: Readonly<Record<OrderState, readonly OrderProgress[]>> = {
  creating: [],
  abandoned: [],
  waiting: ['waiting', 'delivering', 'unknown'],
  paid: ['paid', 'delivering'],
  completed: ['completed'],
  canceled: ['canceled'],
};

function differenceOf(
  order: Order,
  atTiki: PlatformOrder | undefined,
): Difference['what'] | undefined {
  if (!atTiki) return 'missing';
  const mismatch = mismatchOf(order, atTiki);
  if (mismatch) return mismatch;
  return AGREES[order.state].includes(atTiki.progress) ? undefined : 'state';
}

/** An order with what Tiki has under its id. */
export interface Compared {
  readonly order: Order;
  readonly atTiki: PlatformOrder | undefined;
}

export interface Comparison {
  readonly orders: readonly Compared[];
  readonly differences: readonly Difference[];
}

export interface StatementEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'list'>;
  readonly clock: Clock;
}

/** Compares the orders whose `field` is in `[from, to)`, epoch ms, with Tiki's. @throws Problem */
export async function compareOrders(
  { store, payments, clock }: StatementEffects,
  { field, from, to }: { readonly field: InstantField; readonly from: number; readonly to: number },
): Promise<Comparison> {
  const orders: Compared[] = [];
  const differences: Difference[] = [];

  async function comparePage(page: readonly Entry[]): Promise<void> {
    const readable: Order[] = [];
    for (const { reference, order } of page) {
      if (order instanceof MalformedOrder) {
        differences.push({ reference, orderId: null, what: 'malformed' });
      } else readable.push(order);
    }
    const ids = readable.flatMap(({ orderId }) => orderId ?? []);
    const context = { deadline: deadlineIn(CALL_MS, clock), caller: 'statement' };
    const listed = ids.length === 0 ? [] : await payments.list(ids, context);
    const byId = new Map(listed.map((order) => [order.id, order]));
    for (const order of readable) {
      const { reference, orderId } = order;
      if (orderId === null) continue;
      const atTiki = byId.get(orderId);
      orders.push({ order, atTiki });
      const what = differenceOf(order, atTiki);
      if (what) differences.push({ reference, orderId, what });
    }
  }

  for await (const page of store.between(field, from, to)) await comparePage(page);
  return { orders, differences };
}

/** How many orders, and what they sum up to, here and by Tiki's amounts. */
export interface Total {
  readonly count: number;
  readonly vnd: number;
  /** As text: a 64-bit integer. */
  readonly atTikiVnd: string;
}

export function totalOf(orders: readonly Compared[]): Total {
  return {
    count: orders.length,
    vnd: orders.reduce((sum, { order }) => sum + order.priceVnd, 0),
    atTikiVnd: String(orders.reduce((sum, { atTiki }) => sum + (atTiki?.amountVnd ?? 0n), 0n)),
  };
}

/** One day's account. */
export interface Statement {
  readonly paid: Total;
  readonly completed: Total;
  readonly refunded: Total;
  readonly differences: readonly Difference[];
}

const DAY_MS = 86_400_000;
/** Viet Nam has no daylight saving time. */
const OFFSET_MS = 7 * 3_600_000;

/** The last whole day in Viet Nam, epoch ms: `[from, to)`. */
export function yesterday(now: number): { readonly from: number; readonly to: number } {
  const to = Math.floor((now + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  return { from: to - DAY_MS, to };
}

/**
 * What was paid, completed and refunded on a day, and how the orders that have changed since it began
 * differ from Tiki's.
 *
 * @throws Problem
 */
export async function makeStatement(
  effects: StatementEffects,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Statement> {
  const until = Math.max(to, effects.clock.now());
  const { orders, differences } = await compareOrders(effects, {
    ...{ field: 'updatedAt', from, to: until },
  });
  const onDay = (at: number | null) => at !== null && at >= from && at < to;
  return {
    paid: totalOf(orders.filter(({ order }) => onDay(order.paidAt))),
    completed: totalOf(orders.filter(({ order }) => onDay(order.completedAt))),
    refunded: totalOf(orders.filter(({ order }) => onDay(order.refundedAt))),
    differences,
  };
}
