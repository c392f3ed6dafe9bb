import { deadlineIn } from '../clock';
import { removalLimit } from '../premium/reconcile';
import { Problem } from '../problem';
import type { Payments, PlatformOrder } from '../providers/provider';
import { failure, type Finding } from './finding';
import { HOUR_MS, nextHour } from './next-look';
import { MalformedOrder, type Order } from './order';
import { knownToBePaid } from './state';
import { createVisit, type VisitEffects } from './visit';

/** The most that `/order/list` takes. */
const LIST_SIZE = 100;
/** How often one run asks again for the halves of a list that Tiki refuses. */
const MAX_SPLITS = 30;
/** In one run. The next one goes on. */
const MAX_ORDERS = 1_000;
/** One run, ms. */
const RUN_MS = 4 * 60_000;
/** One list with its repetitions, ms. */
const CALL_MS = 15_000;
/** Withheld orders are due within an hour, and this machine's clock may be behind Firestore's. */
const WITHHELD_MS = 2 * HOUR_MS;

export interface ReconcileReport {
  readonly looked: number;
  /** Orders whose state at Tiki was not known here. */
  readonly repaired: number;
  readonly completed: number;
  readonly findings: readonly Finding[];
  /** False: more is due than one run takes. */
  readonly isFinished: boolean;
}

export type ReconcileOptions = {
  /** Whether premium may be withdrawn from any number of users: also of what was withheld before. */
  readonly removeAny?: boolean;
} & (
  | { readonly reference?: never; readonly isPaid?: never }
  | {
      /** Only this order, whether it is due or not. */
      readonly reference: string;
      /** The operator has seen its payment: it is paid, although Tiki only says that it is being delivered. */
      readonly isPaid?: boolean;
    }
);

export interface ReconcileEffects extends VisitEffects {
  readonly payments: Pick<Payments, 'list' | 'complete'>;
}

export type Reconcile = (options?: ReconcileOptions) => Promise<ReconcileReport>;

interface Due {
  readonly orders: readonly Order[];
  readonly malformed: readonly string[];
  readonly isFinished: boolean;
}

/**
 * Compares the orders that are due with Tiki, stores what differs, finishes what was interrupted and
 * completes what was delivered and can no longer be paid back. What a run does not get to is due in the
 * next one, and what it cannot settle is due later, behind the others.
 *
 * @throws Problem if Firestore cannot be asked what is due: nothing was changed
 */
export function createReconcile(effects: ReconcileEffects): Reconcile {
  const { store, payments, clock } = effects;
  const visit = createVisit(effects);

  async function dueOrders({ reference, removeAny = false }: ReconcileOptions): Promise<Due> {
    if (reference !== undefined) {
      const order = await store.read(reference);
      if (!order) throw new Problem('not-found');
      return { orders: [order], malformed: [], isFinished: true };
    }
    const orders: Order[] = [];
    const malformed: string[] = [];
    for await (const page of store.due(clock.now() + (removeAny ? WITHHELD_MS : 0))) {
      for (const entry of page) {
        if (entry.order instanceof MalformedOrder) malformed.push(entry.reference);
        else orders.push(entry.order);
      }
      if (orders.length >= MAX_ORDERS) return { orders, malformed, isFinished: false };
    }
    return { orders, malformed, isFinished: true };
  }

  /** What Tiki says, by its order ids, or the failure to ask for one. */
  async function answersAbout(ids: readonly string[]) {
    const answers = new Map<string, PlatformOrder | { readonly error: unknown }>();
    let splits = MAX_SPLITS;

    async function ask(some: readonly string[]): Promise<void> {
      try {
        const context = { deadline: deadlineIn(CALL_MS, clock), caller: 'reconciler' };
        for (const order of await payments.list(some, context)) answers.set(order.id, order);
      } catch (error) {
        const isRefused = error instanceof Problem && error.code === 'tiki-bad-response';
        if (isRefused && some.length > 1 && splits > 0) {
          // For one order that Tiki stumbles over.
          splits -= 1;
          const half = Math.ceil(some.length / 2);
          await ask(some.slice(0, half));
          await ask(some.slice(half));
        } else for (const id of some) answers.set(id, { error });
      }
    }

    for (let from = 0; from < ids.length; from += LIST_SIZE) {
      await ask(ids.slice(from, from + LIST_SIZE));
    }
    return answers;
  }

  async function postponed(reference: string): Promise<Finding> {
    // It comes back in the next run if this fails.
    await store.postpone(reference, nextHour(clock.now())).catch(() => undefined);
    return { reference, kind: 'malformed' };
  }

  return async (options = {}) => {
    const end = clock.elapsed() + RUN_MS;
    const { orders, malformed, isFinished } = await dueOrders(options);
    const findings: Finding[] = [];
    for (const reference of malformed) findings.push(await postponed(reference));

    const answers = await answersAbout(orders.flatMap(({ orderId }) => orderId ?? []));
    const answerTo = ({ orderId }: Order) => (orderId === null ? undefined : answers.get(orderId));
    // Many at once are no customers who changed their minds: the wrong keys, or a fault of Tiki's.
    const paid = orders.filter(({ state }) => state === 'paid');
    const losers = new Set(
      paid.filter((order) => {
        const answer = answerTo(order);
        return answer && 'progress' in answer && answer.progress === 'canceled';
      }),
    );
    const isTooMany = losers.size > removalLimit(paid.length) && options.removeAny !== true;

    function newsOf(order: Order): PlatformOrder | Finding | undefined {
      const { reference, orderId } = order;
      if (orderId === null) return undefined;
      const answer = answerTo(order);
      if (!answer) return { reference, kind: 'missing' };
      if ('error' in answer) return failure(reference, 'failed', answer.error);
      if (isTooMany && losers.has(order)) return { reference, kind: 'withheld' };
      return options.isPaid === true ? knownToBePaid(answer) : answer;
    }

    const counts = { looked: 0, repaired: 0, completed: 0 };
    for (const order of orders) {
      if (clock.elapsed() >= end) return { ...counts, findings, isFinished: false };
      const { finding, isRepaired, isCompleted } = await visit(order, newsOf(order));
      counts.looked += 1;
      if (finding) findings.push(finding);
      if (isRepaired) counts.repaired += 1;
      if (isCompleted) counts.completed += 1;
    }
    return { ...counts, findings, isFinished };
  };
}
