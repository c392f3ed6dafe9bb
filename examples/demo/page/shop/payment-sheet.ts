import type { PaymentOutcome } from '@tiki-bridge/tiki-simulator/payment';
import { fail, success, type Outcome } from '../my/outcome';
import type { TikiPayments } from './tiki-payments';

export interface SheetEffects {
  /** The id of the customer who is logged in to Tiki; undefined for none. */
  readonly customerId: () => string | undefined;
  readonly tiki: TikiPayments;
  /** Shows Tiki's payment for this order, or hides it. */
  readonly show: (orderId: string | undefined) => void;
}

/** Tiki's own payment, over the Tini App. */
export interface PaymentSheet {
  /** For `my.makePayment`. Never settles if the customer walks away. */
  readonly open: (orderId: string) => Promise<Outcome>;
  /** The customer presses a button of it. */
  readonly press: (outcome: PaymentOutcome) => void;
}

export function createPaymentSheet({ customerId, tiki, show }: SheetEffects): PaymentSheet {
  let pressed: (outcome: PaymentOutcome) => void = () => undefined;

  return {
    async open(orderId) {
      const payer = customerId();
      if (payer === undefined) return fail('2', 'Nobody is logged in to Tiki');
      show(orderId);
      const outcome = await new Promise<PaymentOutcome>((resolve) => {
        pressed = resolve;
      });
      try {
        const answer = await tiki.pay(orderId, outcome, customerId() ?? payer);
        show(undefined);
        // Tiki's payment is still open somewhere, so nothing calls back.
        if (answer === undefined) return await new Promise<never>(() => undefined);
        return 'success' in answer ? success(answer.success) : fail('payment', answer.fail);
      } catch (error) {
        show(undefined);
        return fail('network', String(error));
      }
    },
    press(outcome) {
      pressed(outcome);
    },
  };
}
