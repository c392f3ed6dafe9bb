import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { type PurchaseOutcome } from '../errors';
import { callMy } from '../runtime/call-my';
import { withRetry } from '../runtime/retry';
import { ask } from './ask';
import { look, pause } from './look';
import { isOver, isPaid, type Order, orderIn } from './order';
import { type Pending, type PendingPurchases } from './pending';
import { withOutcome } from './with-outcome';

export interface BuyProgress {
  /**
   * `ordering`, `paying` while Tiki's payment is open, `confirming` until the bridge knows that it is
   * paid, `opening` until the token has premium.
   */
  readonly step: 'ordering' | 'paying' | 'confirming' | 'opening';
  /** As last read; none while ordering. */
  readonly order?: Order;
}

/** Tiki's payment may stay open this long: the user may have to fetch a code from a bank. */
const PAYMENT_MS = 900_000;

// The pauses before each look at the bridge, in ms.

/** For an order that another request is creating. */
const CREATING_MS = [1_000, 2_000, 3_000];
/** After a payment: Tiki tells the bridge at once, and again after a minute if that failed. */
const PAID_MS = [0, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 15_000, 15_000, 15_000];
/** After Tiki's payment was closed without one. */
const CLOSED_MS = [0, 1_000, 2_000];
/** For the claims, which the bridge sets after it has recorded the payment. */
const CLAIMS_MS = [0, 1_000, 2_000, 5_000];

/**
 * Buys a plan for this user: the order, Tiki's payment, the bridge's word that it is paid, a token with
 * premium. Resolves to the paid order. A purchase whose outcome was unknown is resumed, and so is one
 * that the user left unpaid.
 *
 * Rejects with a TikiFirebaseError that has `extras.outcome`.
 */
export async function purchase(
  connection: Connection,
  purchases: PendingPurchases,
  { user, planId }: { readonly user: User; readonly planId: string },
  report: (progress: BuyProgress) => void,
): Promise<Order> {
  const { failWith, my } = connection;
  const { uid } = user;
  let outcome: PurchaseOutcome = 'not-done';

  /** Fails once another user is there. Waits while Tiki is asked who it is. */
  async function confirmUser(): Promise<void> {
    if ((await connection.user()).uid !== uid) failWith('user-changed');
  }

  /** Repeated where that may help: the key makes a second time have no effect. */
  const place = ({ key }: Pending) =>
    withRetry(connection, () =>
      ask(
        connection,
        user,
        { url: '/orders', method: 'POST', headers: { 'Idempotency-Key': key }, data: { planId } },
        orderIn({ planId }),
      ),
    );

  /** The order to pay, or one that is paid already. */
  async function ordered() {
    const earlier = await purchases.find(uid, planId);
    if (earlier && earlier.mayBePaid) outcome = 'unknown';
    let pending = earlier || (await purchases.begin(uid, planId));
    let order = await place(pending);
    if (earlier && isOver(order)) {
      outcome = 'not-done';
      pending = await purchases.begin(uid, planId);
      order = await place(pending);
    }
    if (order.state === 'creating') {
      order = await look(
        connection,
        { user, order },
        CREATING_MS,
        ({ state }) => state !== 'creating',
      );
    }
    return { order, pending };
  }

  /** Opens Tiki's payment. Resolves to the paid order. */
  async function pay(order: Order, { key, mayBePaid }: Pending): Promise<Order> {
    const { orderId, reference } = order;
    // Tiki has not answered the bridge in time, so there is nothing that can be paid.
    if (!orderId || isOver(order)) failWith('tiki-timeout', { detail: reference });
    // Before, because the app may be closed while Tiki's payment is open.
    await purchases.keep(uid, planId, { key, reference, mayBePaid: true });
    await confirmUser();
    report({ step: 'paying', order });
    outcome = 'unknown';
    const { ok, given } = await callMy(connection, 'makePayment', { orderId }, PAYMENT_MS);
    await confirmUser();
    report({ step: 'confirming', order });
    const isKnown = (now: Order) => isPaid(now) || isOver(now);
    const now = await look(connection, { user, order }, ok ? PAID_MS : CLOSED_MS, isKnown);
    if (isPaid(now)) return now;
    if (isOver(now)) {
      outcome = 'not-done';
      await purchases.end(uid, planId);
      failWith('payment-canceled', { native: given });
    }
    // Tiki takes one payment for an order, so after a payment a failure says nothing.
    if (ok || (ok === false && mayBePaid)) failWith('payment-pending', { native: given });
    // Without any callback the payment may still be open.
    if (ok === false) {
      outcome = 'not-done';
      await purchases.keep(uid, planId, { key, reference, mayBePaid });
    }
    return failWith('payment-unfinished', { native: given });
  }

  /** Refreshes the token until it has what was bought. The purchase is done without it, too. */
  async function open({ premiumUntil: bought }: Order): Promise<void> {
    for (const ms of CLAIMS_MS) {
      await pause(connection, ms);
      await connection.methods.getIdToken({ forceRefresh: true }).catch(() => undefined);
      await confirmUser();
      const { premiumUntil } = connection.session().claims || {};
      if (bought === null || Number(premiumUntil) >= bought) return;
    }
  }

  return withOutcome(
    connection,
    () => outcome,
    async () => {
      if (!my.makePayment) failWith('failed-precondition', { detail: 'my.makePayment' });
      report({ step: 'ordering' });
      const { order, pending } = await ordered();
      const paid = isPaid(order) ? order : await pay(order, pending);
      outcome = 'done';
      report({ step: 'opening', order: paid });
      await open(paid);
      await purchases.end(uid, planId);
      return paid;
    },
  );
}
