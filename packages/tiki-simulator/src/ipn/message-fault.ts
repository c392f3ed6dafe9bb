/**
 * What can happen to one attempt to deliver a notification. Delays in milliseconds.
 *
 * The altered ones replace the message of that attempt. To a backend that refuses them (4xx) Tiki
 * sends nothing more, so the payment is then only found by reading the order.
 */
export type MessageFault =
  /** Not sent, as when the network fails; sent again by the schedule. */
  | { readonly kind: 'lost' }
  /** Sent and processed, but the answer is lost; sent again by the schedule. */
  | { readonly kind: 'answer-lost' }
  /** Sent `copies` times more, all at the same moment. */
  | { readonly kind: 'repeated'; readonly copies: number }
  /** Sent later by the schedule's clock, so that a newer message may overtake it. */
  | { readonly kind: 'delayed'; readonly ms: number }
  /** Signed when its timestamp was right, which is now `ms` ago. */
  | { readonly kind: 'old-timestamp'; readonly ms: number }
  /** Signed with a secret that is not the app's. */
  | { readonly kind: 'forged' }
  /** Without the three headers. */
  | { readonly kind: 'unsigned' }
  /** One bit of the body changed after signing. */
  | { readonly kind: 'flipped-bit' }
  /** The same JSON in other bytes than those signed. */
  | { readonly kind: 'reserialised' }
  /** Correctly signed, with raw JSON text for members of its order: `{grand_total: '1'}`. */
  | { readonly kind: 'order'; readonly members: Readonly<Record<string, string>> };

export type MessageFaultKind = MessageFault['kind'];

export interface MessageFaultRule {
  readonly path: 'ipn';
  /** How many attempts it applies to; default 1, `Infinity` for all until cleared. */
  readonly times?: number;
  readonly fault: MessageFault;
}
