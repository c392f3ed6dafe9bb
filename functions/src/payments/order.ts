import { createHash } from 'node:crypto';
import * as z from 'zod';
import { instant } from '../premium/purchase';
import { planFields, planId } from './plans';

/** Where an order is. `completed` and `canceled` are final. */
export const ORDER_STATES = [
  /** Our document exists; what Tiki made of it is not known yet. */
  'creating',
  /** There is an order at Tiki, which is not paid. */
  'waiting',
  'paid',
  /** Delivered: Tiki pays it out. */
  'completed',
  /** Not paid in time, or paid back. */
  'canceled',
  /** Whether Tiki has an order was never known. It continues if one turns up. */
  'abandoned',
] as const;

export type OrderState = (typeof ORDER_STATES)[number];

const storedOrder = z.object({
  uid: z.string().min(1).max(128),
  customerId: z.string().min(1).max(64),
  planId,
  /** Copied from the plan, so that an order is not changed by a plan that is. */
  ...planFields,
  /** For how long after the payment Tiki can pay back, ms; copied, so that no other setting counts. */
  refundMs: z.int().min(0),
  state: z.enum(ORDER_STATES),
  /** Tiki's; null until it is known. */
  orderId: z.string().min(1).max(64).nullable(),
  /** Tiki's own word for its state, when it was last read. */
  platformStatus: z.string().max(64).nullable(),
  /** When the newest message was made that has arrived, epoch ms on Tiki's clock. */
  watermark: z.int().nullable(),
  /** Epoch ms on Firestore's clock, as all others below. */
  createdAt: instant,
  /** When the call that creates the order at Tiki was about to leave; null if it certainly did not. */
  sentAt: instant.nullable(),
  /** Which request makes that call. */
  sentBy: z.string().min(1).max(64).nullable(),
  /** When we learned that it is paid; premium starts here. */
  paidAt: instant.nullable(),
  completedAt: instant.nullable(),
  canceledAt: instant.nullable(),
  /** Paid back, or to be paid back by hand: premium was withdrawn. */
  refundedAt: instant.nullable(),
  /** Of the last change of anything but the two below. */
  updatedAt: instant,
  /** Since when the reconciler could not settle it; null: nothing is wrong with it. */
  troubleSince: instant.nullable(),
  /** When the reconciler is to look at it; null: never again. */
  dueAt: instant.nullable(),
});

/** The document `orders/{reference}`, without its name. */
export type StoredOrder = z.output<typeof storedOrder>;

export interface Order extends StoredOrder {
  /** Ours: the name of the document, and Tiki's `reference_id`. */
  readonly reference: string;
}

/** A document that is not of the documented shape: somebody changed it by hand. */
export class MalformedOrder extends Error {
  override readonly name = 'MalformedOrder';

  constructor(reference: string, fields: readonly string[]) {
    super(
      `The document orders/${reference} is malformed: ${[...new Set(fields)].join(', ')}. ` +
        'Correct it in the Firebase console',
    );
  }
}

/** @throws MalformedOrder, naming fields and no values */
export function parseOrder(reference: string, content: unknown): Order {
  const { data, error } = storedOrder.safeParse(content);
  if (data) return { reference, ...data };
  throw new MalformedOrder(
    reference,
    error.issues.map(({ path }) => path.map(String).join('.') || 'the document'),
  );
}

/** The document's content: without its name. */
export function toStored(order: Order): StoredOrder {
  return storedOrder.parse(order);
}

const REFERENCE = /^o[\da-f]{31}$/;

export const isReference = (text: string): boolean => REFERENCE.test(text);

/** What a caller may name a purchase with, so that a repeated press is one order. */
export const IDEMPOTENCY_KEY = /^[\w-]{16,64}$/;

/**
 * The reference of a user's order. The same key of the same user gives the same one, so a repeated
 * request finds its order without a look-up, and users cannot find each other's.
 */
export function referenceOf(uid: string, idempotencyKey: string): string {
  const digest = createHash('sha256').update(`${uid}\n${idempotencyKey}`).digest('hex');
  return `o${digest.slice(0, 31)}`;
}

/** The id under which an order's purchase stands in the user's entitlement. */
export const purchaseIdOf = ({ reference }: Pick<Order, 'reference'>): string =>
  `order-${reference}`;

/** An order as its owner gets it. */
export interface OrderAnswer {
  readonly reference: string;
  readonly orderId: string | null;
  readonly planId: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly priceVnd: number;
  readonly days: number;
  readonly state: OrderState;
  /** Epoch ms or null, as all others. */
  readonly createdAt: number;
  readonly paidAt: number | null;
  readonly completedAt: number | null;
  readonly canceledAt: number | null;
  readonly refundedAt: number | null;
  readonly refunded: boolean;
  /** When the user's premium ends, from all purchases together; null without any. */
  readonly premiumUntil: number | null;
}

export function orderAnswer(order: Order, premiumUntil: number | null): OrderAnswer {
  return {
    reference: order.reference,
    orderId: order.orderId,
    planId: order.planId,
    name: order.name,
    priceVnd: order.priceVnd,
    days: order.days,
    state: order.state,
    createdAt: order.createdAt,
    paidAt: order.paidAt,
    completedAt: order.completedAt,
    canceledAt: order.canceledAt,
    refundedAt: order.refundedAt,
    refunded: order.refundedAt !== null,
    premiumUntil,
  };
}

/** The document `users/{uid}/receipts/{reference}`, which its owner may read. */
export interface Receipt {
  readonly reference: string;
  readonly orderId: string;
  readonly planId: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly priceVnd: number;
  readonly days: number;
  readonly paidAt: number;
  readonly state: OrderState;
  readonly refundedAt: number | null;
}

/** Undefined: nothing was paid. */
export function receiptOf(order: Order): Receipt | undefined {
  const { orderId, paidAt } = order;
  if (orderId === null || paidAt === null) return undefined;
  return {
    reference: order.reference,
    orderId,
    planId: order.planId,
    name: order.name,
    priceVnd: order.priceVnd,
    days: order.days,
    paidAt,
    state: order.state,
    refundedAt: order.refundedAt,
  };
}
