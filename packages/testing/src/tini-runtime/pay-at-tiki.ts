import type { Payment, PaymentOutcome, PaymentResult } from '@tiki-bridge/tiki-simulator/payment';
import { NEVER } from './my-request';
import type { Phone } from './phone';

/** The Tiki simulator, in this process or behind its control API. */
export interface PaymentSheet {
  readonly pay: (payment: Payment) => PaymentResult | Promise<PaymentResult>;
}

/**
 * Pays in the simulator's payment sheet as the customer who is logged in. Assign it to `phone.pay`.
 * For a customer who walked away `my.makePayment` never calls back.
 */
export function payAtTiki(
  { pay }: PaymentSheet,
  phone: Pick<Phone, 'customer'>,
  outcome: PaymentOutcome = 'paid',
): Phone['pay'] {
  return async (orderId) => {
    const { customer } = phone;
    const who = customer && { customerId: customer.id };
    try {
      const result = await pay({ orderId, outcome, ...who });
      return 'walkedAway' in result ? await NEVER : result;
    } catch (error) {
      return { fail: String(error) };
    }
  };
}
