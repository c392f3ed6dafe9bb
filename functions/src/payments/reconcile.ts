import { deadlineIn, type Clock } from '../clock';
import { describeError } from '../log/describe-error';
import { EntitlementError } from '../premium/entitlement-error';
import type { Project } from '../premium/projection';
import { removalLimit } from '../premium/reconcile';
import { Problem } from '../problem';
import type { Payments, PlatformOrder } from '../providers/provider';
import { MalformedOrder, type Order } from './order';
import { projectPremium } from './project-premium';
import {
  isPending,
  recordNews,
  writeOrder,
  type Decide,
  type Outcome,
  type Recorded,
} from './record';
import { dueAt } from './state';
import type { Entry, PaymentStore } from './store';

/** The most that `/order/list` takes. */
const LIST_SIZE = 100;
/** In one run. The next one goes on. */
const MAX_ORDERS = 1_000;
/** One run, ms. */
const RUN_MS = 4 * 60_000;
/** One call to Tiki with its repetitions, ms. */
const CALL_MS = 15_000;
/** Until an order is looked at again that needs an operator. */
const LATER_MS = 3_600_000;

const COMMENT = 'Premium was delivered';

/** What needs attention. The order is looked at again. */
export interface Finding {
  readonly reference: string;
  readonly kind:
    /** Not of the documented shape. Needs an operator. */
    | 'malformed'
    /** Tiki's order is not the one that we created. Needs an operator. */
    | 'mismatch'
    /** Tiki does not know the order, or sends it malformed. Needs an operator. */
    | 'missing'
    /**
     * Being delivered, and no payment is known: cash on delivery, or a payment whose messages are lost.
     * Needs an operator.
     */
    | 'unpaid'
    /** Cancelled at Tiki, as too many others in this run: premium was not withdrawn. */
    | 'withheld'
    /** Stored, but not on the account. */
    | 'not-projected'
    /** Delivered, and not declared so at Tiki. */
    | 'not-completed'
    /** Firestore or Tiki failed. */
    | 'failed';
  /** What differs, or the failure: its code, or its message if nobody expected it. */
  readonly detail?: string;
}

export interface ReconcileReport {
  readonly looked: number;
  /** Orders whose state at Tiki was not known here. */
  readonly repaired: number;
  readonly completed: number;
  readonly findings: readonly Finding[];
  /** False: more is due than one run takes. */
  readonly isFinished: boolean;
}

export interface ReconcileOptions {
  /** Only this order, whether it is due or not. */
  readonly reference?: string;
  /** Whether premium may be withdrawn from any number of users. */
  readonly removeAny?: boolean;
}

export interface ReconcileEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'list' | 'complete'>;
  readonly project: Project;
  readonly refundMs: number;
  readonly clock: Clock;
}

export type Reconcile = (options?: ReconcileOptions) => Promise<ReconcileReport>;

const placeOf = ({ reference, uid }: Order) => ({ reference, uid });

/** Never throws: an order that nobody expected must not keep a run from those after it. */
function describe(error: unknown): string {
  const isOurs = error instanceof Problem || error instanceof EntitlementError;
  if (isOurs) return error.code;
  if (error instanceof MalformedOrder) return 'malformed';
  const { name, message } = describeError(error, []);
  return `${name}: ${message}`;
}

/**
 * Compares the orders that are due with Tiki, stores what differs, finishes what was interrupted and
 * completes what was delivered and can no longer be paid back. Each step may be interrupted and
 * repeated; what a run does not get to is due in the next one.
 *
 * @throws Problem if Firestore or Tiki cannot be asked what there is: nothing was changed
 */
export function createReconcile(effects: ReconcileEffects): Reconcile {
  const { store, payments, project, refundMs, clock } = effects;
  const context = () => ({ deadline: deadlineIn(CALL_MS, clock), caller: 'reconciler' });

  async function dueOrders(reference: string | undefined) {
    const found: Entry[] = [];
    if (reference !== undefined) {
      const order = await store.read(reference);
      if (!order) throw new Problem('not-found');
      return { found: [{ reference, order }], isFinished: true };
    }
    for await (const page of store.due(clock.now())) {
      found.push(...page);
      if (found.length >= MAX_ORDERS) return { found, isFinished: false };
    }
    return { found, isFinished: true };
  }

  async function ordersAtTiki(orders: readonly Order[]) {
    const ids = orders.flatMap(({ orderId }) => orderId ?? []);
    const known = new Map<string, PlatformOrder>();
    for (let from = 0; from < ids.length; from += LIST_SIZE) {
      const part = await payments.list(ids.slice(from, from + LIST_SIZE), context());
      for (const order of part) known.set(order.id, order);
    }
    return known;
  }

  /** The order after a change of when it is due; the rest of it stays. */
  const postponed =
    (
      due: (order: Order, seen: Parameters<Decide<void>>[0], now: number) => number | null,
    ): Decide<void> =>
    (seen, now) => {
      const { order } = seen;
      if (!order) return { result: undefined };
      return { writes: { order: { ...order, dueAt: due(order, seen, now) } }, result: undefined };
    };

  const postpone = (order: Order) =>
    store.change(
      placeOf(order),
      postponed((_, __, now) => now + LATER_MS),
    );

  /** Gives up an order whose creation at Tiki ended with its process, or never left. */
  const giveUp: Decide<boolean> = (seen, now) => {
    const { order } = seen;
    if (order?.state !== 'creating' || (order.dueAt ?? 0) > now) return { result: false };
    const after: Order =
      order.sentAt === null
        ? { ...order, state: 'canceled', canceledAt: now, updatedAt: now }
        : { ...order, state: 'abandoned', updatedAt: now };
    return { writes: writeOrder(seen, after, { now, refundMs }), result: true };
  };

  /** Records what Tiki says, and when the order is due next, also if nothing is new. */
  const recordVisit =
    (order: PlatformOrder): Decide<Outcome> =>
    (seen, now) => {
      const decision = recordNews({ order }, refundMs)(seen, now);
      const { result } = decision;
      if (result.kind !== 'recorded' || result.changed) return decision;
      return { writes: writeOrder(seen, result.order, { now, refundMs }), result };
    };

  /** Stores when the order is due next, without news of Tiki. */
  const recordNoNews: Decide<Recorded> = (seen, now) => {
    const { order, entitlement } = seen;
    if (!order) throw new Problem('not-found');
    const writes = writeOrder(seen, order, { now, refundMs });
    return { writes, result: { order: writes.order, entitlement, changed: false } };
  };

  /** @returns undefined: it is on the account */
  async function deliver(recorded: Recorded): Promise<Finding | undefined> {
    const { order, entitlement } = recorded;
    if (!isPending(entitlement)) return undefined;
    try {
      await projectPremium(recorded, project);
    } catch (error) {
      return { reference: order.reference, kind: 'not-projected', detail: describe(error) };
    }
    await store.change(
      placeOf(order),
      postponed((stored, seen, now) => {
        const isNewer = (seen.entitlement?.version ?? 0) > (entitlement?.version ?? 0);
        return dueAt(stored, { now, refundMs, isPending: isNewer && isPending(seen.entitlement) });
      }),
    );
    return undefined;
  }

  const mayComplete = ({ state, paidAt }: Order) =>
    state === 'paid' && paidAt !== null && paidAt + refundMs <= clock.now();

  /** @returns undefined: it is completed */
  async function complete(order: Order): Promise<Finding | undefined> {
    try {
      const answer = await payments.complete(order.orderId ?? '', COMMENT, context());
      const outcome = await store.change(placeOf(order), recordNews({ order: answer }, refundMs));
      const isCompleted = outcome.kind === 'recorded' && outcome.order.state === 'completed';
      if (isCompleted) return undefined;
      return { reference: order.reference, kind: 'not-completed', detail: answer.status };
    } catch (error) {
      // Perhaps it was cancelled a moment ago, or is completed and the answer was lost.
      return { reference: order.reference, kind: 'not-completed', detail: describe(error) };
    }
  }

  interface Visit {
    readonly finding?: Finding | undefined;
    readonly isRepaired?: boolean;
    readonly isCompleted?: boolean;
  }

  async function visit(order: Order, atTiki: PlatformOrder | undefined): Promise<Visit> {
    const { reference } = order;
    if (order.state === 'creating' && !atTiki) {
      return { isRepaired: await store.change(placeOf(order), giveUp) };
    }
    if (!atTiki) {
      const finding = await deliver(await store.change(placeOf(order), recordNoNews));
      // Of an order that Tiki never gave an id, there is nothing to ask for.
      if (finding || order.orderId === null) return { finding };
      await postpone(order);
      return { finding: { reference, kind: 'missing' } };
    }
    const outcome = await store.change(placeOf(order), recordVisit(atTiki));
    if (outcome.kind !== 'recorded') {
      await postpone(order);
      const detail = outcome.kind === 'mismatch' ? outcome.mismatch : 'document';
      return { finding: { reference, kind: 'mismatch', detail } };
    }
    const isRepaired = outcome.changed;
    const undelivered = await deliver(outcome);
    if (undelivered) return { finding: undelivered, isRepaired };
    const { state } = outcome.order;
    if (state === 'waiting' && atTiki.progress === 'delivering') {
      return { finding: { reference, kind: 'unpaid' }, isRepaired };
    }
    if (!mayComplete(outcome.order)) return { isRepaired };
    const finding = await complete(outcome.order);
    return { finding, isRepaired, isCompleted: !finding };
  }

  return async ({ reference, removeAny = false } = {}) => {
    const end = clock.elapsed() + RUN_MS;
    const { found, isFinished } = await dueOrders(reference);
    const orders = found.flatMap(({ order }) => (order instanceof MalformedOrder ? [] : [order]));
    const findings: Finding[] = found.flatMap((entry) =>
      entry.order instanceof MalformedOrder
        ? [{ reference: entry.reference, kind: 'malformed' as const }]
        : [],
    );
    const atTiki = await ordersAtTiki(orders);
    // Many at once are no customers who changed their minds: the wrong keys, or a fault of Tiki's.
    const seenOf = ({ orderId }: Order) => (orderId === null ? undefined : atTiki.get(orderId));
    const isLoser = (order: Order) =>
      order.state === 'paid' && seenOf(order)?.progress === 'canceled';
    const isTooMany = orders.filter(isLoser).length > removalLimit(orders.length);
    const counts = { looked: 0, repaired: 0, completed: 0 };
    for (const order of orders) {
      if (clock.elapsed() >= end) return { ...counts, findings, isFinished: false };
      counts.looked += 1;
      try {
        if (isTooMany && !removeAny && isLoser(order)) {
          await postpone(order);
          findings.push({ reference: order.reference, kind: 'withheld' });
          continue;
        }
        const { finding, isRepaired, isCompleted } = await visit(order, seenOf(order));
        if (finding) findings.push(finding);
        if (isRepaired) counts.repaired += 1;
        if (isCompleted) counts.completed += 1;
      } catch (error) {
        findings.push({ reference: order.reference, kind: 'failed', detail: describe(error) });
      }
    }
    return { ...counts, findings, isFinished };
  };
}
