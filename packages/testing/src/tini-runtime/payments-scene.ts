import type { BuyProgress } from 'tiki-firebase-client/payments';
import { createPaymentsServer, PAID } from './payments';
import { MINUTE_MS, type Scene, START } from './setup';

/** An's app, logged in, beside a bridge with payments. The user pays as soon as they are asked to. */
export async function withPayments(opened: Scene) {
  const { phone, server, time } = opened;
  const bridge = createPaymentsServer(() => START + time.elapsed());
  server.beside = bridge.transport;

  const last = () => bridge.withId(phone.payments.at(-1));
  /** The bridge hears of a payment, and sets the claims. */
  const receive = (order = last()) => {
    bridge.pay(order);
    const { premiumUntil } = bridge.withId(order.orderId ?? undefined);
    server.claims = { premiumAccount: true, premiumUntil };
  };
  phone.pay = () => {
    receive();
    return PAID;
  };

  const app = opened.open();
  await app.firebase.signIn();
  phone.requests.length = 0;

  /** What a call resolves to or rejects with, however long it takes. */
  async function finish(call: Promise<unknown>): Promise<unknown> {
    const outcome = Promise.allSettled([call]);
    await time.advance(40 * MINUTE_MS);
    const [settled] = await outcome;
    return settled.status === 'fulfilled' ? settled.value : settled.reason;
  }

  /** The steps that were reported. */
  const steps: string[] = [];
  const onProgress = ({ step }: BuyProgress) => void steps.push(step);
  return {
    ...opened,
    ...app,
    bridge,
    last,
    receive,
    finish,
    steps,
    buy: (planId = 'month', { firebase } = app) =>
      finish(firebase.payments().buy(planId, { onProgress })),
    /** The Idempotency-Keys of the orders that were sent. */
    keys: () =>
      phone.requests.flatMap(({ method, url, headers }) =>
        method === 'POST' && url.endsWith('/orders') ? (headers['Idempotency-Key'] ?? '') : [],
      ),
  };
}
