import type { BuyProgress, Order, Plan } from 'tiki-firebase-client/payments';

/** What came of the last purchase. */
export type BuyResult =
  | { readonly kind: 'bought' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      /** Whether the purchase is done, as the library says. */
      readonly outcome: string;
    };

export interface ShopState {
  readonly plans: readonly Plan[];
  readonly orders: readonly Order[];
  /** Why there are no plans: a code of the library. */
  readonly problem: string | undefined;
  readonly buying: { readonly planId: string; readonly step: BuyProgress['step'] } | undefined;
  readonly result: BuyResult | undefined;
}

export const NOTHING_BOUGHT: ShopState = {
  plans: [],
  orders: [],
  problem: undefined,
  buying: undefined,
  result: undefined,
};

/** The states that an order passes, in order. Those that it may end in instead come last. */
export const PATH = ['creating', 'waiting', 'paid', 'completed'] as const;

export const isPaid = ({ state }: Order): boolean => state === 'paid' || state === 'completed';

/** Whether the state may still change by itself. */
export const isOpen = ({ state }: Order): boolean => state === 'creating' || state === 'waiting';
