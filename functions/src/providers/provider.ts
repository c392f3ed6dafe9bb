import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../problem';
import type { RequestContext } from '../upstream/request-context';

/** A customer of the platform. */
export interface Customer {
  /** Stable and unique on the platform; a number as canonical decimal text. */
  readonly id: string;
  /** May be empty. */
  readonly name: string;
}

/** What the platform gives for a credential. */
export interface Tokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
  readonly scopes: readonly string[];
  readonly tokenType: string;
  /** Undefined where the platform does not say; `identify` does. */
  readonly customer: Customer | undefined;
}

export interface Identified {
  readonly customer: Customer;
  readonly scopes: readonly string[];
}

/** How the customers of a platform are named in Firebase. */
export interface Naming {
  /** In the `provider` claim, and for the duration of its calls in the log. */
  readonly name: string;
  /** Before the customer id in a Firebase uid. Never changed: it names existing accounts. */
  readonly uidPrefix: string;
  /** The claim with the customer id. */
  readonly customerIdClaim: string;
}

/**
 * A mini-app platform whose customers sign in: a credential from the app becomes, by a signed call,
 * a stable user id. Each call throws a `Problem` when it does not get its answer.
 *
 * Another platform is another folder beside `tiki/`: see docs/contribute.md. What it sells with is
 * described by `Payments`.
 */
export interface Provider extends Naming {
  /** Trades the app's auth code, which can be used once. */
  readonly exchange: (code: string, context: RequestContext) => Promise<Tokens>;
  /** Trades a refresh token, which may be used once. */
  readonly refresh: (refreshToken: string, context: RequestContext) => Promise<Tokens>;
  /**
   * Whose access token this is.
   *
   * @param source `caller`: a refusal is the caller's fault. `issued`: the platform has just issued
   *   the token, so a refusal is not.
   */
  readonly identify: (
    accessToken: string,
    source: 'caller' | 'issued',
    context: RequestContext,
  ) => Promise<Identified>;
}

/** How far an order is, whatever word the platform has for it. */
export type OrderProgress =
  /** Not paid yet. */
  | 'waiting'
  /** Paid online. */
  | 'paid'
  /**
   * Being delivered. Says nothing about payment: with cash on delivery, an order gets here without
   * any.
   */
  | 'delivering'
  /** Final: will be, or has been, paid out to the seller. */
  | 'completed'
  /** Final: not paid, or paid back. */
  | 'canceled'
  /** A status that is not documented: nothing is concluded from it. */
  | 'unknown';

/** An order as the platform has it. */
export interface PlatformOrder {
  readonly id: string;
  readonly progress: OrderProgress;
  /** The platform's own word for it. */
  readonly status: string;
  /** In VND; a 64-bit integer, as it was sent. */
  readonly amountVnd: bigint;
  /** The reference that we created it with; undefined: none. */
  readonly reference: string | undefined;
}

export interface NewOrder {
  readonly customerId: string;
  /** Ours, and unique: what ties the platform's order to our document. */
  readonly reference: string;
  readonly item: { readonly name: string; readonly priceVnd: number };
}

/** What became of creating an order. An order whose creation is unclear must not be created again. */
export type Created =
  | { readonly kind: 'created'; readonly order: PlatformOrder }
  /** There is no order: the call never left, or the platform refused it. */
  | { readonly kind: 'not-created'; readonly problem: Problem }
  | { readonly kind: 'unclear'; readonly problem: Problem };

/** A message of the platform about one order. Its sender is proved, its content is only a hint. */
export interface Notification {
  /** The same in each repetition of a message. */
  readonly messageId: string;
  /** When the platform made the message, epoch ms. */
  readonly createdAt: number;
  readonly order: Omit<PlatformOrder, 'amountVnd'>;
}

/**
 * The part of a provider that sells. Apart from `Provider`, so that a login loads nothing of it.
 * Calls throw a `Problem` when they do not get their answer.
 */
export interface Payments {
  /** Never throws for what the platform or the network does. */
  readonly create: (order: NewOrder, context: RequestContext) => Promise<Created>;
  readonly read: (orderId: string, context: RequestContext) => Promise<PlatformOrder>;
  /**
   * @param orderIds At most 100.
   * @returns in any order; without those that the platform does not know, or sends malformed
   */
  readonly list: (
    orderIds: readonly string[],
    context: RequestContext,
  ) => Promise<readonly PlatformOrder[]>;
  /** Declares an order delivered, which is final: the platform pays it out. */
  readonly complete: (
    orderId: string,
    comment: string,
    context: RequestContext,
  ) => Promise<PlatformOrder>;
  /** Cancels an order that is not completed: the platform pays back what was paid. */
  readonly cancel: (
    orderId: string,
    comment: string,
    context: RequestContext,
  ) => Promise<PlatformOrder>;
  /**
   * Checks that the platform sent these bytes to this app, with the current or the previous secret.
   * The age of a message is not judged: late repetitions are normal.
   *
   * @param body The bytes as they came, not parsed and printed again.
   * @returns undefined: unsigned, forged, altered, or sent to another app
   * @throws Problem if a signed message is not of the documented shape
   */
  readonly verifyNotification: (
    headers: IncomingHttpHeaders,
    body: Uint8Array,
  ) => Notification | undefined;
}
