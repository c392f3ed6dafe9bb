import type { PaymentOutcome } from '@tiki-bridge/tiki-simulator/payment';
import { isRecord, readJson, recordOf, stringIn } from '../json';

/** What `my.makePayment` calls back with; undefined for a customer who walked away. */
export type PaymentAnswer = { readonly success: string } | { readonly fail: string } | undefined;

/** Tiki's side of orders, which the simulator plays. */
export interface TikiPayments {
  pay(orderId: string, outcome: PaymentOutcome, customerId: string): Promise<PaymentAnswer>;
  /** Cancels an order at Tiki, which pays back what was paid. */
  cancel(orderId: string): Promise<void>;
}

export function connectTikiPayments(origin: string): TikiPayments {
  async function post(path: string, body: object) {
    const response = await fetch(`${origin}/simulator/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = recordOf(await readJson(response));
    if (!response.ok) throw new Error(stringIn(answer, 'error'));
    return answer;
  }

  return {
    async pay(orderId, outcome, customerId) {
      const answer = await post('payments', { orderId, outcome, customerId });
      if (typeof answer['success'] === 'string') return { success: answer['success'] };
      return typeof answer['fail'] === 'string' ? { fail: answer['fail'] } : undefined;
    },
    async cancel(orderId) {
      const { order } = await post('triggers', { status: 'canceled', orderId });
      if (!isRecord(order)) throw new Error('The simulator did not cancel the order');
    },
  };
}
