import type { Entitlement } from '../premium/document';
import { nextVersion } from '../premium/document';
import { recordPurchase } from '../premium/entitlement';
import type { Purchase } from '../premium/purchase';
import type { PlatformOrder } from '../providers/provider';
import { purchaseIdOf, receiptOf, type Order, type Receipt } from './order';
import { nextLook } from './next-look';
import { advance, mismatchOf, type Mismatch } from './state';

// What is written together, in one transaction. Pure; store.ts carries it out.

/** What one transaction reads. */
export interface Seen {
  readonly order: Order | undefined;
  /** Of the order's user. */
  readonly entitlement: Entitlement | undefined;
  /** Whether the message was recorded before. */
  readonly isKnownMessage: boolean;
}

/** A message as it is recorded. */
export interface StoredMessage {
  /** When Tiki made it, epoch ms on Tiki's clock. */
  readonly createdAt: number;
  readonly status: string;
  /** Epoch ms on Firestore's clock. */
  readonly receivedAt: number;
}

/** What one transaction writes: all of it or nothing. */
export interface Writes {
  readonly order?: Order;
  readonly entitlement?: Entitlement;
  readonly receipt?: Receipt;
  readonly message?: StoredMessage;
}

export interface Decision<T> {
  readonly writes?: Writes;
  readonly result: T;
}

/** @param now Epoch ms on Firestore's clock. */
export type Decide<T> = (seen: Seen, now: number) => Decision<T>;

/** What an order gives: nothing until it is paid. */
export function purchaseOf(order: Order): Purchase | undefined {
  const { days, paidAt: at, refundedAt } = order;
  if (at === null) return undefined;
  const status = refundedAt === null ? 'active' : 'cancelled';
  return { id: purchaseIdOf(order), at, days, status };
}

/** An order and its user's premium, as they are stored now. */
export interface Recorded {
  readonly order: Order;
  readonly entitlement: Entitlement | undefined;
  readonly changed: boolean;
}

/** Whether the account has yet to get the claims. */
export function isPending(entitlement: Entitlement | undefined): boolean {
  return entitlement !== undefined && entitlement.projectedVersion < entitlement.version;
}

/** Whether an order's purchase, active or revoked, is among those of its user. */
export function holdsPurchase(entitlement: Entitlement | undefined, order: Order): boolean {
  return entitlement?.purchases.some(({ id }) => id === purchaseIdOf(order)) ?? false;
}

/**
 * The writes that store a changed order together with what it gives. A purchase is touched only when
 * the order changes it, so one that an operator has revoked stays so, and one that was deleted with
 * its customer does not come back to be cancelled. Nor does its receipt: nobody would find it there.
 *
 * @param now Epoch ms on Firestore's clock.
 */
export function writeOrder(
  before: Seen,
  order: Order,
  now: number,
): Required<Pick<Writes, 'order'>> & Writes {
  const [old, purchase] = [before.order && purchaseOf(before.order), purchaseOf(order)];
  const isNews =
    purchase &&
    old?.status !== purchase.status &&
    (purchase.status === 'active' || holdsPurchase(before.entitlement, order));
  const entitlement = isNews
    ? nextVersion(
        before.entitlement,
        recordPurchase(before.entitlement?.purchases ?? [], purchase),
        now,
      )
    : undefined;
  const isMoved =
    before.order?.state !== order.state || before.order.refundedAt !== order.refundedAt;
  const isTheirs = entitlement !== undefined || holdsPurchase(before.entitlement, order);
  const receipt = isMoved && isTheirs ? receiptOf(order) : undefined;
  const dueAt = nextLook(order, { now, isPending: isPending(entitlement ?? before.entitlement) });
  return {
    order: { ...order, dueAt },
    ...(entitlement && { entitlement }),
    ...(receipt && { receipt }),
  };
}

/** What came of comparing with Tiki. */
export type Outcome =
  | ({ readonly kind: 'recorded' } & Recorded)
  | { readonly kind: 'mismatch'; readonly order: Order; readonly mismatch: Mismatch }
  /** There is no such order. */
  | { readonly kind: 'not-ours' };

export interface News {
  /** The order as Tiki has it now. */
  readonly atTiki: PlatformOrder;
  /** What told us to ask; undefined: nothing did. */
  readonly message?: { readonly createdAt: number; readonly status: string };
}

/** Records what Tiki says about an order. Repeating it, in any order, has no further effect. */
export function recordNews({ atTiki, message }: News): Decide<Outcome> {
  return (seen, now) => {
    const { order: before, entitlement } = seen;
    if (!before) return { result: { kind: 'not-ours' } };
    const mismatch = mismatchOf(before, atTiki);
    if (mismatch) return { result: { kind: 'mismatch', order: before, mismatch } };
    const watermark = Math.max(before.watermark ?? -Infinity, message?.createdAt ?? -Infinity);
    const advanced = advance(before, atTiki, now);
    const order =
      Number.isFinite(watermark) && watermark !== advanced.watermark
        ? { ...advanced, watermark, updatedAt: now }
        : advanced;
    const changed = order !== before;
    const isNewMessage = message !== undefined && !seen.isKnownMessage;
    const writes = {
      ...(changed && writeOrder(seen, order, now)),
      ...(isNewMessage && { message: { ...message, receivedAt: now } }),
    };
    return {
      ...((changed || isNewMessage) && { writes }),
      result: {
        kind: 'recorded',
        order: writes.order ?? order,
        entitlement: writes.entitlement ?? entitlement,
        changed,
      },
    };
  };
}
