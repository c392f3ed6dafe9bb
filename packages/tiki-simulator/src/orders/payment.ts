/** What a customer does in the payment sheet of `my.makePayment`. */
export const PAYMENT_OUTCOMES = ['paid', 'canceled', 'walked-away', 'cash-on-delivery'] as const;
export type PaymentOutcome = (typeof PAYMENT_OUTCOMES)[number];

export interface Payment {
  readonly orderId: string;
  /** Default `paid`. */
  readonly outcome?: PaymentOutcome;
  /** Who pays; an order is refused to anybody but its customer. Default: its customer. */
  readonly customerId?: string;
}

/** What `my.makePayment` calls back with: nothing for a customer who walked away. */
export type PaymentResult =
  { readonly success: 'success' } | { readonly fail: string } | { readonly walkedAway: true };
