import { deadlineIn, type Clock } from '../clock';
import type { Project } from '../premium/projection';
import { Problem } from '../problem';
import type { Payments, PlatformOrder } from '../providers/provider';
import { failure, type Finding } from './finding';
import { creationEnds, HOUR_MS, nextLook } from './next-look';
import type { Order } from './order';
import { projectPremium } from './project-premium';
import {
  holdsPurchase,
  isPending,
  recordNews,
  writeOrder,
  type Decide,
  type Outcome,
  type Recorded,
} from './record';
import { completeAt, differenceOf } from './state';
import type { PaymentStore } from './store';

/** One call to Tiki with its repetitions, ms. */
const CALL_MS = 15_000;
/** How long a failure may last before an operator has to look at it. */
const PASSING_MS = HOUR_MS;

const COMMENT = 'Premium was delivered';

export interface VisitEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'complete'>;
  readonly project: Project;
  readonly clock: Clock;
}

/** What came of looking at one order. */
export interface Visit {
  readonly finding?: Finding | undefined;
  readonly isRepaired?: boolean;
  readonly isCompleted?: boolean;
}

const placeOf = ({ reference, uid }: Order) => ({ reference, uid });

/** Gives up an order whose creation at Tiki ended with its process, or never left. */
const giveUp: Decide<boolean> = (seen, now) => {
  const { order } = seen;
  if (order?.state !== 'creating' || creationEnds(order) > now) return { result: false };
  const after: Order =
    order.sentAt === null
      ? { ...order, state: 'canceled', canceledAt: now, updatedAt: now }
      : { ...order, state: 'abandoned', updatedAt: now };
  return { writes: writeOrder(seen, after, now), result: true };
};

/** The order as it is stored. */
const look: Decide<Recorded> = ({ order, entitlement }) => {
  if (!order) throw new Problem('not-found');
  return { result: { order, entitlement, changed: false } };
};

/** Records what Tiki says, and whether Firestore's clock lets the order be completed. */
const record =
  (atTiki: PlatformOrder): Decide<{ readonly outcome: Outcome; readonly isOver: boolean }> =>
  (seen, now) => {
    const { result: outcome, ...decision } = recordNews({ atTiki })(seen, now);
    const isOver = outcome.kind === 'recorded' && completeAt(outcome.order) <= now;
    return { ...decision, result: { outcome, isOver } };
  };

/** Stores when the order is looked at next. @returns what is left of the finding */
const plan =
  (found: Finding | undefined): Decide<Finding | undefined> =>
  ({ order, entitlement }, now) => {
    if (!order) return { result: found };
    // Another process may have completed it, or it was cancelled a moment ago.
    const isSettled = found?.kind === 'not-completed' && order.state !== 'paid';
    const finding = isSettled ? undefined : found;
    const since = order.troubleSince ?? now;
    const mayPass = finding?.mayPass === true && now - since < PASSING_MS;
    const trouble = finding && (mayPass ? 'passing' : 'lasting');
    const dueAt = nextLook(order, { now, isPending: isPending(entitlement), trouble });
    const troubleSince = finding && dueAt !== null ? since : null;
    const isSame = dueAt === order.dueAt && troubleSince === order.troubleSince;
    return {
      ...(!isSame && { writes: { order: { ...order, dueAt, troubleSince } } }),
      result: finding && { ...finding, mayPass },
    };
  };

/** What has to be said about an order that is recorded as Tiki has it. */
function findingAbout(
  order: Order,
  atTiki: PlatformOrder,
): Pick<Finding, 'kind' | 'detail' | 'mayPass'> | undefined {
  const { progress, status } = atTiki;
  if (progress === 'unknown') return { kind: 'unknown-status', detail: status };
  if (differenceOf(order, atTiki)) {
    // Tiki's copies may lag behind each other.
    return { kind: 'differs', detail: `${order.state}, ${status} at Tiki`, mayPass: true };
  }
  if (order.state === 'waiting' && progress === 'delivering') return { kind: 'unpaid' };
  return undefined;
}

/**
 * Looks at one order: records what Tiki says, puts it on the account, completes at Tiki what was
 * delivered and can no longer be paid back, and stores when to look next. Each step may be interrupted
 * and repeated: until the last one, the order stays due.
 *
 * @param news What Tiki says, or why it is not to be recorded; undefined: there is no id to ask for.
 */
export function createVisit({ store, payments, project, clock }: VisitEffects) {
  /** @returns undefined: it is on the account */
  async function deliver(recorded: Recorded): Promise<Finding | undefined> {
    try {
      await projectPremium(recorded, project);
      return undefined;
    } catch (error) {
      return failure(recorded.order.reference, 'not-projected', error);
    }
  }

  /** @returns undefined: it is completed */
  async function complete(order: Order): Promise<Finding | undefined> {
    const { reference, orderId } = order;
    try {
      const context = { deadline: deadlineIn(CALL_MS, clock), caller: 'reconciler' };
      const atTiki = await payments.complete(orderId ?? '', COMMENT, context);
      const outcome = await store.change(placeOf(order), recordNews({ atTiki }));
      if (outcome.kind === 'recorded' && outcome.order.state === 'completed') return undefined;
      return { reference, kind: 'not-completed', detail: atTiki.status, mayPass: true };
    } catch (error) {
      // Perhaps it is completed and the answer was lost: the next visit finds out.
      return failure(reference, 'not-completed', error);
    }
  }

  async function settle(order: Order, news: PlatformOrder | Finding | undefined): Promise<Visit> {
    const { reference } = order;
    if (!news && order.state === 'creating') {
      return { isRepaired: await store.change(placeOf(order), giveUp) };
    }
    if (!news || 'kind' in news) {
      const undelivered = await deliver(await store.change(placeOf(order), look));
      return { finding: undelivered ?? news };
    }
    const { outcome, isOver } = await store.change(placeOf(order), record(news));
    if (outcome.kind === 'not-ours') throw new Problem('not-found');
    if (outcome.kind === 'mismatch') {
      const amounts = `${news.amountVnd} VND at Tiki, not ${order.priceVnd}`;
      const detail = outcome.mismatch === 'amount' ? `amount: ${amounts}` : outcome.mismatch;
      return { finding: { reference, kind: 'mismatch', detail } };
    }
    const isRepaired = outcome.changed;
    const undelivered = await deliver(outcome);
    if (undelivered) return { finding: undelivered, isRepaired };
    const finding = findingAbout(outcome.order, news);
    if (finding) return { finding: { reference, ...finding }, isRepaired };
    if (outcome.order.state !== 'paid' || !isOver) return { isRepaired };
    if (!holdsPurchase(outcome.entitlement, outcome.order)) {
      return { finding: { reference, kind: 'no-purchase' }, isRepaired };
    }
    const incomplete = await complete(outcome.order);
    return { finding: incomplete, isRepaired, isCompleted: !incomplete };
  }

  return async (order: Order, news: PlatformOrder | Finding | undefined): Promise<Visit> => {
    const visit = await settle(order, news).catch((error: unknown): Visit => ({
      finding: failure(order.reference, 'failed', error),
    }));
    try {
      return { ...visit, finding: await store.change(placeOf(order), plan(visit.finding)) };
    } catch (error) {
      return { ...visit, finding: visit.finding ?? failure(order.reference, 'failed', error) };
    }
  };
}
