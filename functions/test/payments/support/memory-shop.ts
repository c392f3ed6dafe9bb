import { Problem } from '../../../src/problem';
import { createCheckout } from '../../../src/payments/checkout';
import { takeNotification } from '../../../src/payments/notification';
import { MalformedOrder, type Order, type Receipt } from '../../../src/payments/order';
import type { Plan } from '../../../src/payments/plans';
import { projectPremium } from '../../../src/payments/project-premium';
import { createReconcile } from '../../../src/payments/reconcile';
import type { StoredMessage } from '../../../src/payments/record';
import { createRefund } from '../../../src/payments/refund';
import type { Entry, PaymentStore } from '../../../src/payments/store';
import type {
  Created,
  Notification,
  OrderProgress,
  Payments,
  PlatformOrder,
} from '../../../src/providers/provider';
import { memoryWorld, type Gate } from '../../premium/memory-world';

export const HOUR_MS = 3_600_000;
export const REFUND_MS = 24 * HOUR_MS;

export const PLANS: readonly Plan[] = [
  { id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 },
  { id: 'year', name: { vi: '1 năm', en: '1 year' }, priceVnd: 490_000, days: 365 },
];

const STATUS: Readonly<Record<OrderProgress, string>> = {
  waiting: 'waiting_for_payment',
  paid: 'online_paid',
  delivering: 'on_delivery',
  completed: 'completed',
  canceled: 'canceled',
  unknown: 'new_word',
};

const refused = () => new Problem('tiki-bad-response', { operator: { cause: 'Tiki refused' } });

/** What comes of creating an order, and whether the answer arrives. */
export type Creation = 'created' | 'created, unclear' | 'not created, unclear' | 'refused';

/** Tiki's orders, and the messages about them that are still to be delivered. */
export function memoryTiki() {
  const orders = new Map<string, PlatformOrder>();
  /** Each order as it was before its last change. */
  const before = new Map<string, PlatformOrder>();
  const messages: Notification[] = [];
  let clock = 1_000_000_000_000;
  const tiki = {
    ...{ orders, messages, created: 0, completed: [] as string[] },
    /** What each completed order was before. */
    completedFrom: [] as OrderProgress[],
    /** Whoever was paid online, paid back or not. */
    paid: new Set<string>(),
    /** What comes of the next calls that create an order. */
    creations: [] as Creation[],
    /** Which of the next answers about orders are from before the last change. */
    lags: [] as boolean[],
  };

  function orderOf(id: string): PlatformOrder {
    const order = orders.get(id);
    if (!order) throw refused();
    return order;
  }

  /** What the customer, Tiki or the seller does to an order. Final states are final. */
  function become(id: string, progress: OrderProgress, tell = true): PlatformOrder {
    const old = orderOf(id);
    if (old.progress === 'completed' || old.progress === 'canceled') throw refused();
    const order = { ...old, progress, status: STATUS[progress] };
    before.set(id, old);
    orders.set(id, order);
    if (progress === 'paid') tiki.paid.add(id);
    clock += 1_000;
    if (tell) messages.push({ messageId: `m${clock}`, createdAt: clock, order });
    return order;
  }

  /** What a copy of Tiki's says of an order, which may lag behind. */
  const copyOf = (id: string): PlatformOrder | undefined =>
    (tiki.lags.shift() === true ? before.get(id) : undefined) ?? orders.get(id);

  /** Tiki, as one process calls it. */
  function payments(gate: Gate): Omit<Payments, 'verifyNotification'> {
    return {
      create: async ({ reference, item }): Promise<Created> => {
        await gate('tiki create');
        const creation = tiki.creations.shift() ?? 'created';
        if (creation === 'refused') return { kind: 'not-created', problem: refused() };
        const problem = new Problem('tiki-timeout');
        if (creation === 'not created, unclear') return { kind: 'unclear', problem };
        tiki.created += 1;
        const order: PlatformOrder = {
          id: String(88_062_110_977_884_000n + BigInt(tiki.created)),
          ...{ progress: 'waiting', status: STATUS.waiting, reference },
          amountVnd: BigInt(item.priceVnd),
        };
        orders.set(order.id, order);
        await gate('tiki created');
        return creation === 'created' ? { kind: 'created', order } : { kind: 'unclear', problem };
      },
      read: async (id) => {
        await gate('tiki read');
        const order = copyOf(id);
        if (!order) throw refused();
        // Late answers overtake each other.
        await gate('tiki answer');
        return order;
      },
      list: async (ids) => {
        await gate('tiki list');
        const found = ids.flatMap((id) => copyOf(id) ?? []);
        await gate('tiki answer');
        return found;
      },
      complete: async (id) => {
        await gate('tiki complete');
        // Tiki tells nobody that the seller has completed an order.
        const { progress } = orderOf(id);
        const order = become(id, 'completed', false);
        tiki.completed.push(id);
        tiki.completedFrom.push(progress);
        await gate('tiki completed');
        return order;
      },
      cancel: async (id) => {
        await gate('tiki cancel');
        const order = become(id, 'canceled');
        await gate('tiki cancelled');
        return order;
      },
    };
  }
  return Object.assign(tiki, { become, payments, orderOf });
}

/**
 * Firestore's transactions, Firebase Auth and Tiki in memory, with a gate at every step, so that a test
 * controls in which order concurrent calls take effect, and where a process dies.
 */
export function memoryShop() {
  const premium = memoryWorld();
  const tiki = memoryTiki();
  const orders = new Map<string, Order>();
  const receipts = new Map<string, Receipt>();
  const messages = new Map<string, StoredMessage>();
  /** When each document is due that nobody can read. */
  const malformed = new Map<string, number>();
  const logged: unknown[] = [];
  /** Every change of a state, as `from → to`. */
  const moves = new Set<string>();
  /** What a test wants to look at after each transaction. */
  const watch = { committed: (): void => undefined };

  function storeOf(gate: Gate): PaymentStore {
    const entries = (wanted: (order: Order) => boolean): readonly Entry[] =>
      [...orders.values()].filter(wanted).map((order) => ({ reference: order.reference, order }));
    async function* pages(found: readonly Entry[]) {
      await Promise.resolve();
      for (let from = 0; from < found.length; from += 100) yield found.slice(from, from + 100);
    }
    return {
      change: async ({ reference, uid, messageId }, decide) => {
        const message = `${reference}/${messageId ?? ''}`;
        for (;;) {
          await gate('order read');
          const [order, entitlement] = [orders.get(reference), premium.documents.get(uid)];
          const isKnownMessage = messages.has(message);
          const { writes, result } = decide({ order, entitlement, isKnownMessage }, premium.now);
          if (!writes) return result;
          await gate('order write');
          const isRaced =
            (writes.order && orders.get(reference) !== order) ||
            (writes.entitlement && premium.documents.get(uid) !== entitlement) ||
            (writes.message && messages.has(message));
          if (isRaced) continue;
          if (writes.order) {
            if (order && order.state !== writes.order.state) {
              moves.add(`${order.state} → ${writes.order.state}`);
            }
            orders.set(reference, writes.order);
          }
          if (writes.entitlement) premium.documents.set(uid, writes.entitlement);
          premium.note({
            ...{ by: 'tiki', uid },
            order: writes.order && { reference, before: order, after: writes.order },
            premium: writes.entitlement && { before: entitlement, after: writes.entitlement },
          });
          if (writes.message) messages.set(message, writes.message);
          if (writes.receipt) receipts.set(`${uid}/${reference}`, writes.receipt);
          watch.committed();
          await gate('order written');
          return result;
        }
      },
      read: async (reference) => {
        await gate('order read');
        return orders.get(reference);
      },
      messagesOf: (reference) =>
        Promise.resolve(
          [...messages]
            .filter(([name]) => name.startsWith(`${reference}/`))
            .map(([name, message]) => ({
              messageId: name.slice(reference.length + 1),
              ...message,
            })),
        ),
      newest: (size, uid) =>
        Promise.resolve(entries((order) => uid === undefined || order.uid === uid).slice(-size)),
      premiumUntilOf: (uid) => Promise.resolve(premium.documents.get(uid)?.premiumUntil ?? null),
      due: (now) => {
        const broken = [...malformed]
          .filter(([, dueAt]) => dueAt <= now)
          .map(([reference]): Entry => ({
            reference,
            order: new MalformedOrder(reference, ['state']),
          }));
        const due = entries(({ dueAt }) => dueAt !== null && dueAt <= now);
        return pages([...broken, ...due].sort((one, other) => dueOf(one) - dueOf(other)));
      },
      postpone: (reference, dueAt) => {
        malformed.set(reference, dueAt);
        return Promise.resolve();
      },
      between: (field, from, to) =>
        pages(entries((order) => (order[field] ?? -1) >= from && (order[field] ?? -1) < to)),
    };
  }
  const dueOf = ({ reference, order }: Entry): number =>
    order instanceof MalformedOrder ? (malformed.get(reference) ?? 0) : (order.dueAt ?? 0);

  /**
   * One process of the bridge; `calls` replace some of Tiki's, `stored` some of the store's. Its clock is
   * `aheadMs` ahead of Firestore's.
   */
  function process(
    gate: Gate = () => Promise.resolve(),
    calls: Partial<Payments> = {},
    { aheadMs = 0, ...stored }: Partial<PaymentStore> & { readonly aheadMs?: number } = {},
  ) {
    const { project } = premium.process(gate);
    const payments = { ...tiki.payments(gate), ...calls };
    const effects = {
      ...{
        store: { ...storeOf(gate), ...stored },
        payments,
        project,
        plans: PLANS,
        refundMs: REFUND_MS,
      },
      projectId: 'demo-shop',
      clock: {
        now: () => premium.now + aheadMs,
        elapsed: () => premium.elapsed,
        sleep: () => gate('sleep'),
      },
      log: (entry: unknown) => logged.push(entry),
    };
    const context = { deadline: () => 8_000, caller: 'test' };
    return {
      effects,
      checkout: createCheckout(effects),
      reconcile: createReconcile(effects),
      refund: createRefund(effects),
      /** Places an order. */
      press: (uid: string, planId: string, idempotencyKey: string) =>
        createCheckout(effects)(
          { uid, customerId: uid.replace('tiki:', ''), planId, idempotencyKey },
          context,
        ),
      /** Takes a notification, and puts its effect on the account as the function does. */
      take: async (notification: Notification) => {
        const recorded = await takeNotification(
          notification,
          {
            ...effects,
            payments: { ...payments, verifyNotification: () => notification },
          },
          context,
        );
        return {
          recorded,
          projected: projectPremium(recorded, project).catch(() => undefined),
        };
      },
    };
  }
  return {
    ...{ premium, tiki, orders, malformed, receipts, messages, moves, watch, logged },
    process,
  };
}

export type MemoryShop = ReturnType<typeof memoryShop>;
