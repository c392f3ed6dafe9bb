import { deadlineIn, type Clock } from '../clock';
import { DAY_MS, MAX_INSTANT } from '../premium/purchase';
import type { Payments, PlatformOrder } from '../providers/provider';
import { MalformedOrder, type Order } from './order';
import { differenceOf, type Mismatch } from './state';
import type { Entry, PaymentStore } from './store';

/** The most that `/order/list` takes. */
const LIST_SIZE = 100;
/** One call to Tiki with its repetitions, ms. */
const CALL_MS = 15_000;
/** Longer than a notification takes from a payment to our document, ms. */
const AGAIN_MS = 15_000;

/** How our orders and Tiki's can differ. */
export interface Difference {
  readonly reference: string;
  readonly orderId: string | null;
  readonly what: Mismatch | 'malformed' | 'missing' | 'state';
}

/** An order with what Tiki has under its id. */
export interface Compared {
  readonly order: Order;
  readonly atTiki: PlatformOrder | undefined;
}

const whatDiffers = ({ order, atTiki }: Compared): Difference['what'] | undefined =>
  atTiki ? differenceOf(order, atTiki) : 'missing';

export interface Comparison {
  readonly orders: readonly Compared[];
  readonly differences: readonly Difference[];
}

export interface StatementEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'list'>;
  readonly clock: Clock;
}

/**
 * Compares orders with Tiki's. One that differs is compared again: somebody may have paid it between the
 * two answers.
 *
 * @param sources In pages; an order that is in several counts once.
 * @throws Problem
 */
export async function compareOrders(
  { store, payments, clock }: StatementEffects,
  ...sources: readonly AsyncIterable<readonly Entry[]>[]
): Promise<Comparison> {
  const known = new Set<string>();
  const compared = new Map<string, Compared>();
  const malformed: Difference[] = [];

  async function comparePage(page: readonly Entry[]): Promise<void> {
    const readable: Order[] = [];
    for (const { reference, order } of page) {
      if (order instanceof MalformedOrder) {
        malformed.push({ reference, orderId: null, what: 'malformed' });
      } else readable.push(order);
    }
    const ids = readable.flatMap(({ orderId }) => orderId ?? []);
    const context = { deadline: deadlineIn(CALL_MS, clock), caller: 'statement' };
    const listed = ids.length === 0 ? [] : await payments.list(ids, context);
    const byId = new Map(listed.map((order) => [order.id, order]));
    for (const order of readable) {
      if (order.orderId === null) continue;
      compared.set(order.reference, { order, atTiki: byId.get(order.orderId) });
    }
  }

  async function readAgain(reference: string): Promise<readonly Entry[]> {
    const order = await store.read(reference);
    return order ? [{ reference, order }] : [];
  }

  for (const source of sources) {
    for await (const page of source) {
      const unknown = page.filter(({ reference }) => !known.has(reference));
      for (const { reference } of unknown) known.add(reference);
      await comparePage(unknown);
    }
  }

  const doubtful = [...compared.values()].filter(whatDiffers);
  if (doubtful.length > 0) await clock.sleep(AGAIN_MS);
  for (let from = 0; from < doubtful.length; from += LIST_SIZE) {
    const references = doubtful.slice(from, from + LIST_SIZE).map(({ order }) => order.reference);
    await comparePage((await Promise.all(references.map(readAgain))).flat());
  }

  const orders = [...compared.values()];
  const differences = orders.flatMap((each): Difference[] => {
    const what = whatDiffers(each);
    return what ? [{ reference: each.order.reference, orderId: each.order.orderId, what }] : [];
  });
  return { orders, differences: [...malformed, ...differences] };
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

/** Viet Nam has no daylight saving time. */
const OFFSET_MS = 7 * 3_600_000;

/** The last whole day in Viet Nam, epoch ms: `[from, to)`. */
export function yesterday(now: number): { readonly from: number; readonly to: number } {
  const to = Math.floor((now + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  return { from: to - DAY_MS, to };
}

/**
 * What was paid, completed and refunded on a day, and how orders differ from Tiki's: those that have
 * changed since it began, and all that are not settled.
 *
 * @throws Problem, and MalformedOrder of an order that becomes malformed meanwhile
 */
export async function makeStatement(
  effects: StatementEffects,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Statement> {
  const { store, clock } = effects;
  const { orders, differences } = await compareOrders(
    effects,
    store.between('updatedAt', from, Math.max(to, clock.now())),
    store.due(MAX_INSTANT),
  );
  const onDay = (at: number | null) => at !== null && at >= from && at < to;
  return {
    paid: totalOf(orders.filter(({ order }) => onDay(order.paidAt))),
    completed: totalOf(orders.filter(({ order }) => onDay(order.completedAt))),
    refunded: totalOf(orders.filter(({ order }) => onDay(order.refundedAt))),
    differences,
  };
}
