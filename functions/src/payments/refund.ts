import { deadlineIn, type Clock } from '../clock';
import type { Project } from '../premium/projection';
import { Problem } from '../problem';
import type { Payments, PlatformOrder } from '../providers/provider';
import type { Order } from './order';
import { projectPremium } from './project-premium';
import { recordNews, writeOrder, type Decide, type Recorded } from './record';
import type { PaymentStore } from './store';

/** One call to Tiki with its repetitions, ms. */
const CALL_MS = 15_000;

const COMMENT = 'Refunded by the seller';

export interface RefundEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'read' | 'cancel'>;
  readonly project: Project;
  readonly clock: Clock;
}

/** How an order was refunded. */
export type Refunded =
  /** Tiki pays the customer back. */
  | 'by-tiki'
  /** Tiki has completed the order and pays nothing back: the seller has to, by hand. */
  | 'by-hand'
  /** Nothing was paid. */
  | 'not-paid';

export interface RefundResult {
  readonly how: Refunded;
  readonly order: Order;
  /** False: the refund was recorded before, at `order.refundedAt`. */
  readonly isNew: boolean;
}

export type Refund = (reference: string) => Promise<RefundResult>;

/** Premium is withdrawn, although Tiki keeps the order as completed. */
const withdraw: Decide<Recorded> = (seen, now) => {
  const { order, entitlement } = seen;
  if (!order) throw new Problem('not-found');
  if (order.refundedAt !== null) return { result: { order, entitlement, changed: false } };
  const writes = writeOrder(seen, { ...order, refundedAt: now, updatedAt: now }, now);
  return {
    writes,
    result: {
      order: writes.order,
      entitlement: writes.entitlement ?? entitlement,
      changed: true,
    },
  };
};

/**
 * Refunds an order. While Tiki has not completed it, it is cancelled there, which pays the customer
 * back; afterwards premium is withdrawn, and that the money has to be paid back by hand is recorded.
 * May be repeated: what was done is not done again.
 *
 * @throws Problem `not-found`; any other one means that it has to be repeated to be sure. And
 *   EntitlementError, if premium could not be taken from the account.
 */
export function createRefund(effects: RefundEffects): Refund {
  const { store, payments, project, clock } = effects;
  const context = () => ({ deadline: deadlineIn(CALL_MS, clock), caller: 'refund' });

  /** The order as it is at Tiki, once it has been cancelled there if that was possible. */
  async function cancelAtTiki(
    { reference, uid }: Order,
    orderId: string,
  ): Promise<Recorded & { readonly wasPaid: boolean }> {
    const cancel = () => payments.cancel(orderId, COMMENT, context());
    const record = (atTiki: PlatformOrder) =>
      store.change({ reference, uid }, recordNews({ atTiki }));
    const atTiki = await payments.read(orderId, context());
    const read = await record(atTiki);
    // A payment of another amount gave nothing, and is paid back as well.
    const isToCancel =
      read.kind === 'recorded'
        ? read.order.state === 'paid'
        : read.kind === 'mismatch' && read.mismatch === 'amount';
    const outcome = isToCancel ? await record(await cancel()) : read;
    // Of another amount, and therefore not recorded as paid.
    const isOther = isToCancel && ['paid', 'delivering'].includes(atTiki.progress);
    if (outcome.kind === 'recorded') {
      return { ...outcome, wasPaid: isOther || outcome.order.paidAt !== null };
    }
    throw new Problem('tiki-bad-response', {
      operator: { cause: `Tiki's order for ${reference} is not the one that was created` },
    });
  }

  return async (reference) => {
    const stored = await store.read(reference);
    if (!stored) throw new Problem('not-found');
    const isFinal = stored.state === 'completed' || stored.state === 'canceled';
    let recorded: Recorded & { readonly wasPaid?: boolean } =
      stored.orderId !== null && !isFinal
        ? await cancelAtTiki(stored, stored.orderId)
        : await store.change({ reference, uid: stored.uid }, ({ order, entitlement }) => ({
            result: { order: order ?? stored, entitlement, changed: false },
          }));
    if (recorded.order.state === 'completed') {
      recorded = await store.change({ reference, uid: stored.uid }, withdraw);
    }
    const { order, changed, wasPaid = order.paidAt !== null } = recorded;
    await projectPremium(recorded, project);
    const how = order.state === 'completed' ? 'by-hand' : wasPaid ? 'by-tiki' : 'not-paid';
    return { how, order, isNew: changed };
  };
}
