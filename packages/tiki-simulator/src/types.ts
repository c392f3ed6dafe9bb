import type { Fault, FaultKind, FaultRule } from './fault';

export interface TikiSimulatorOptions {
  /** Where to listen; `127.0.0.1` unless given. */
  readonly host?: string;
  /** Port to listen on; 0, the default, takes any free one. */
  readonly port?: number;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** The simulator's clock, epoch milliseconds. */
  readonly now?: () => number;
  /** How long an auth code may be exchanged; 5 minutes unless given. */
  readonly codeLifetimeMs?: number;
  /** How long an access token works; 1 hour unless given, as Tiki documents. */
  readonly accessTokenLifetimeMs?: number;
  /** How far a request's timestamp may be from the clock, either way; 5 minutes unless given. */
  readonly timestampToleranceMs?: number;
  /**
   * HTTP status of a failure envelope; 400 unless given. Tiki does not document it, so a backend
   * should pass its tests with 200 as well.
   */
  readonly failureStatus?: number;
  /** Told of each Open API call once it is over, however it ended. */
  readonly onCall?: (call: RecordedCall) => void;
}

export interface IssueAuthCode {
  /** Positive int64 in canonical decimal. Odd ids are what the fault `customer-id` is for. */
  readonly customerId: string;
  readonly customerName?: string;
  /** With `offline` among them the exchange also gives a refresh token. Empty unless given. */
  readonly scopes?: readonly string[];
  /** Strikes the exchange of this code and no other call; goes before any fault rule. */
  readonly fault?: Fault;
}

/** What `my.getAuthCode` hands to `success` in the Tini App. */
export interface AuthCodeGrant {
  readonly authCode: string;
  readonly authSuccessScopes: readonly string[];
  /** Scope → error code; always empty here, since the simulator grants what it is asked. */
  readonly authErrorScopes: Readonly<Record<string, string>>;
}

/** `invalid_code`, `invalid_token`, `invalid_signature` are Tiki's; the others are ours. */
export type FailureReason =
  | 'invalid_code'
  | 'invalid_token'
  | 'invalid_signature'
  | 'invalid_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type';

/** `aborted`: the connection ended before the request was complete. */
export type CallOutcome = 'ok' | 'aborted' | FailureReason | `fault:${FaultKind}`;

/** One call as it came in, unmasked: meant for assertions in tests. */
export interface RecordedCall {
  /** Path below the base URL; the whole request target if it is not below it. */
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
  /** What was wrong with the request, for the developer; Tiki would never say it so plainly. */
  readonly problem: string | undefined;
  /** Milliseconds until the answer was sent or the connection gone; undefined while it lasts. */
  readonly ms: number | undefined;
}

export interface TikiSimulator {
  readonly origin: string;
  /** `origin` + `/tiniapp-open-api` */
  readonly apiBaseUrl: string;
  issueAuthCode(request: IssueAuthCode): AuthCodeGrant;
  /** Adds a rule behind those already set; the first that fits a call strikes it. */
  setFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Every Open API call received so far, in order. */
  readonly calls: readonly RecordedCall[];
  /** Connections open now, the control API's included. */
  openSockets(): number;
  /** Connections accepted since the start, the control API's included. */
  connectionsAccepted(): number;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}
