import type { Fault, FaultKind, FaultRule } from './fault';
import type { MessageFaultRule } from './ipn/message-fault';
import type { SentMessage } from './ipn/notifier';
import type { Order } from './orders/order';
import type { Payment, PaymentResult } from './orders/payment';
import type { Trigger } from './orders/shop';

export interface TikiSimulatorOptions {
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Port to listen on; default 0, any free port. */
  readonly port?: number;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** The simulator's clock, epoch ms. */
  readonly now?: () => number;
  /** Lifetime of an auth code; default 5 minutes. */
  readonly codeLifetimeMs?: number;
  /** Lifetime of an access token; default 1 hour, as Tiki documents. */
  readonly accessTokenLifetimeMs?: number;
  /** Maximum difference of a request's timestamp from the clock; default 5 minutes. */
  readonly timestampToleranceMs?: number;
  /**
   * HTTP status of a failure envelope; default 400. Tiki does not document it, so a backend should
   * pass its tests with 200 as well.
   */
  readonly failureStatus?: number;
  /** Where notifications are sent, as registered in Tini Console; default none. */
  readonly ipnUrl?: string;
  /** How long a notification waits for its answer; default 15 s, as Tiki documents. */
  readonly ipnTimeoutMs?: number;
  /**
   * `by itself` (default): notifications are sent and orders expire as time passes. `advance`: only
   * when `advance` is called, for deterministic tests.
   */
  readonly schedule?: 'by itself' | 'advance';
  /** Called for each Open API call when it has ended, whatever its outcome. */
  readonly onCall?: (call: RecordedCall) => void;
  /** Called with each order after it was created or has changed. */
  readonly onOrder?: (order: Order) => void;
  /** Called after each attempt to deliver a notification, and for one without a receiver. */
  readonly onMessage?: (message: SentMessage) => void;
}

export interface IssueAuthCode {
  /** Positive int64 in canonical decimal. For invalid ids use the fault `customer-id`. */
  readonly customerId: string;
  readonly customerName?: string;
  /** Default empty. With `offline`, the exchange also returns a refresh token. */
  readonly scopes?: readonly string[];
  /** Applies only to the exchange of this code, with priority over fault rules. */
  readonly fault?: Fault;
}

/** What `my.getAuthCode` passes to `success` in the Tini App. */
export interface AuthCodeGrant {
  readonly authCode: string;
  readonly authSuccessScopes: readonly string[];
  /** Scope → error code; always empty, because the simulator grants every scope. */
  readonly authErrorScopes: Readonly<Record<string, string>>;
}

/** Tiki's, down to `INVALID_ITEM`; the others are ours, where Tiki documents none. */
export type FailureReason =
  | 'invalid_code'
  | 'invalid_token'
  | 'invalid_signature'
  | 'ORDER_AMOUNT_LIMIT_EXCEEDED'
  | 'DUPLICATE_ITEMS'
  | 'INVALID_ITEM'
  | 'order_not_found'
  | 'invalid_order_status'
  | 'invalid_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type';

/** `aborted`: the connection closed before the request was complete. */
export type CallOutcome = 'ok' | 'aborted' | FailureReason | `fault:${FaultKind}`;

/** One received call, unmasked, for assertions in tests. */
export interface RecordedCall {
  readonly method: string;
  /** Path under the base URL with its query, otherwise the whole request target. */
  readonly path: string;
  /** When the request was complete, epoch milliseconds. */
  readonly at: number;
  readonly timestampHeader: string | undefined;
  /** `X-Tiniapp-Client-Id` */
  readonly clientId: string | undefined;
  /** `X-Tiniapp-Client-Key`, the header's older name. */
  readonly clientKeyHeader: string | undefined;
  readonly signature: string | undefined;
  readonly rawBody: string;
  readonly outcome: CallOutcome;
  /** What was wrong with the request, in more detail than Tiki's own answer. */
  readonly problem: string | undefined;
  /** Duration until the answer was sent or the connection closed; undefined while pending. */
  readonly ms: number | undefined;
}

export interface TikiSimulator {
  readonly origin: string;
  /** `origin` + `/tiniapp-open-api` */
  readonly apiBaseUrl: string;
  issueAuthCode(request: IssueAuthCode): AuthCodeGrant;
  /** Does what a customer does in the payment sheet, and returns what `my.makePayment` calls back. */
  pay(payment: Payment): PaymentResult;
  /**
   * Changes an order as Tiki or its customer would, and sends the notification of `online_paid` and
   * `canceled`. Cancelling a paid order refunds it.
   *
   * @throws Error if no such order can take the status
   */
  trigger(trigger: Trigger): Order;
  /** Where notifications are sent from now on; this machine only. */
  registerIpnUrl(url: string): void;
  /**
   * Lets time pass for notifications and unpaid orders, and resolves when everything that became due
   * is done. No clock moves: dates and timestamps remain those of `now`.
   */
  advance(ms: number): Promise<void>;
  /** All orders, oldest first. */
  orders(): readonly Order[];
  /** All notifications, oldest first, with their attempts so far. */
  readonly messages: readonly SentMessage[];
  /** Appends a rule; the first one that matches a call or a notification applies. */
  setFault(rule: FaultRule | MessageFaultRule): void;
  clearFaults(): void;
  /** All Open API calls so far, in order. */
  readonly calls: readonly RecordedCall[];
  /** Open connections, including the control API's. */
  openSockets(): number;
  /** Connections accepted since the start, including the control API's. */
  connectionsAccepted(): number;
  /** Stops listening and closes all connections. */
  close(): Promise<void>;
}
