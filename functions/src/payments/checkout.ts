import { randomUUID } from 'node:crypto';
import type { LogEntry } from 'firebase-functions/logger';
import { MAX_PURCHASES } from '../premium/entitlement';
import { Problem } from '../problem';
import type { Payments, PlatformOrder } from '../providers/provider';
import type { RequestContext } from '../upstream/request-context';
import { MalformedOrder, referenceOf, type Order } from './order';
import type { Plan } from './plans';
import { recordNews, writeOrder, type Decide } from './record';
import type { PaymentStore } from './store';

/** How many orders of one customer may wait for a payment. The platform cancels them in time. */
const MAX_WAITING = 5;
/** Among the newest. */
const RECENT = 20;
const RETRY_AFTER_SECONDS = 900;

/** Who buys what. */
export interface OrderRequest {
  readonly uid: string;
  readonly customerId: string;
  readonly planId: string;
  /** Names this order among those of its user: see IDEMPOTENCY_KEY. */
  readonly idempotencyKey: string;
}

/** An order, and when its user's premium ends, epoch ms; null: none. */
export interface OrderWithPremium {
  readonly order: Order;
  readonly premiumUntil: number | null;
}

export interface CheckoutEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'create'>;
  readonly plans: readonly Plan[];
  /** For how long after the payment Tiki can pay back, ms. */
  readonly refundMs: number;
  readonly log: (entry: LogEntry) => void;
}

/**
 * Places an order: once for each idempotency key of a user, however often it is asked for.
 *
 * @throws Problem `conflict` if the key is that of another plan's order, `not-found` without such a
 *   plan, `rate-limited` while too many orders wait for a payment, and what Tiki's failures and
 *   Firestore's are
 */
export type Checkout = (asked: OrderRequest, context: RequestContext) => Promise<OrderWithPremium>;

function newOrder(
  reference: string,
  { uid, customerId }: OrderRequest,
  plan: Plan,
  {
    now,
    sentBy,
    refundMs,
  }: Pick<Order, 'refundMs'> & { readonly now: number; readonly sentBy: string },
): Order {
  return {
    reference,
    uid,
    customerId,
    planId: plan.id,
    name: plan.name,
    priceVnd: plan.priceVnd,
    days: plan.days,
    refundMs,
    state: 'creating',
    orderId: null,
    platformStatus: null,
    watermark: null,
    createdAt: now,
    sentAt: now,
    sentBy,
    paidAt: null,
    completedAt: null,
    canceledAt: null,
    refundedAt: null,
    updatedAt: now,
    troubleSince: null,
    dueAt: null,
  };
}

/** Whether the order may be created at Tiki: nothing was sent, or certainly nothing came of it. */
const isUnsent = ({ state, sentAt }: Order): boolean => state === 'creating' && sentAt === null;

export function createCheckout(effects: CheckoutEffects): Checkout {
  const { store, payments, plans, refundMs, log } = effects;

  function planOf(planId: string): Plan {
    const plan = plans.find(({ id }) => id === planId);
    if (!plan) throw new Problem('not-found');
    return plan;
  }

  /** Each order is looked at many times until it is paid or cancelled. @throws Problem `rate-limited` */
  async function refuseTooMany(reference: string, uid: string): Promise<void> {
    const recent = await store.newest(RECENT, uid);
    if (recent.some((entry) => entry.reference === reference)) return;
    const isWaiting = ({ order }: (typeof recent)[number]) =>
      !(order instanceof MalformedOrder) && order.state === 'waiting';
    if (recent.filter(isWaiting).length < MAX_WAITING) return;
    throw new Problem('rate-limited', {
      operator: { cause: `${uid} has ${MAX_WAITING} orders that are not paid` },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  /** Stores the order, and that it is about to be created at Tiki by this request and no other. */
  function begin(
    reference: string,
    asked: OrderRequest,
    sentBy: string,
  ): Decide<OrderWithPremium & { readonly mayCreate: boolean }> {
    return (seen, now) => {
      const { order: known, entitlement } = seen;
      const premiumUntil = entitlement?.premiumUntil ?? null;
      if (known && known.planId !== asked.planId) throw new Problem('conflict');
      if (known && !isUnsent(known)) {
        // Firestore's client repeats a write whose answer is lost, and then finds its own.
        return { result: { order: known, premiumUntil, mayCreate: known.sentBy === sentBy } };
      }
      // What cannot be recorded must not be sold.
      if ((entitlement?.purchases.length ?? 0) >= MAX_PURCHASES) throw new Problem('conflict');
      const order = known
        ? { ...known, sentAt: now, sentBy, updatedAt: now }
        : newOrder(reference, asked, planOf(asked.planId), { now, sentBy, refundMs });
      const writes = writeOrder(seen, order, now);
      return { writes, result: { order: writes.order, premiumUntil, mayCreate: true } };
    };
  }

  /** Stores that Tiki has no order, or that nobody knows, unless the order has turned up meanwhile. */
  const giveUp =
    (created: 'not-created' | 'unclear', sentBy: string): Decide<void> =>
    (seen, now) => {
      const { order } = seen;
      // Of another request, which sent it after ours was given up.
      if (order?.state !== 'creating' || order.sentBy !== sentBy) return { result: undefined };
      const after: Order =
        created === 'not-created'
          ? { ...order, sentAt: null, sentBy: null, updatedAt: now }
          : { ...order, state: 'abandoned', updatedAt: now };
      return { writes: writeOrder(seen, after, now), result: undefined };
    };

  /** @throws Problem if Tiki's answer is about another order */
  async function recordCreated(placed: Order, atTiki: PlatformOrder): Promise<OrderWithPremium> {
    const { reference, uid } = placed;
    const outcome = await store.change({ reference, uid }, recordNews({ atTiki }));
    if (outcome.kind === 'recorded') {
      return { order: outcome.order, premiumUntil: outcome.entitlement?.premiumUntil ?? null };
    }
    const differs = outcome.kind === 'mismatch' ? outcome.mismatch : 'document';
    throw new Problem('tiki-bad-response', {
      operator: { cause: `Tiki created an order for ${reference} with another ${differs}` },
    });
  }

  return async (asked, context) => {
    const { uid, customerId, idempotencyKey } = asked;
    const reference = referenceOf(uid, idempotencyKey);
    const place = { reference, uid };
    const sentBy = randomUUID();
    await refuseTooMany(reference, uid);
    const { order, premiumUntil, mayCreate } = await store.change(
      place,
      begin(reference, asked, sentBy),
    );
    if (!mayCreate) return { order, premiumUntil };
    const item = { name: order.name.vi, priceVnd: order.priceVnd };
    const created = await payments.create({ customerId, reference, item }, context);
    if (created.kind === 'created') return recordCreated(order, created.order);
    await store.change(place, giveUp(created.kind, sentBy));
    if (created.kind === 'unclear') {
      log({
        severity: 'WARNING',
        message: `payments: order ${reference} is abandoned: whether Tiki created it is not known`,
        reference,
        uid,
      });
    }
    throw created.problem;
  };
}
