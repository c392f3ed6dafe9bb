import { type Fields } from './runtime/answer';
import { type MessageCode, MESSAGES } from './messages';

/** Failures detected by the client. */
type ClientCode =
  /** The user declined, or is not logged in to Tiki. */
  | 'user-refused'
  /** Tiki returned no auth code, apparently because of the network. */
  | 'no-auth-code'
  /** The Tini App may not request one of the scopes: see Tini Console. */
  | 'scope-not-granted'
  /** No HTTP response, or one that the runtime hides. */
  | 'network'
  /** No response in time; the request may have been processed. */
  | 'timeout'
  /** Signed out, possibly while the call was in flight. */
  | 'not-signed-in'
  /** Another customer is logged in to Tiki now. */
  | 'user-changed'
  /** `my.getUserInfo` does not identify the customer, so the stored session is withheld. */
  | 'user-unknown'
  /** An origin that may get no session; or a 403 without a code, of something before the bridge. */
  | 'forbidden'
  /** The server's response does not have its documented shape. */
  | 'bad-response'
  /** The session could not be erased from `my` storage. */
  | 'storage-failed'
  /** The order was cancelled before it was paid. */
  | 'payment-canceled'
  /** The user left Tiki's payment without paying. */
  | 'payment-unfinished'
  /** Not paid as far as the bridge knows: cash on delivery, or a confirmation that is late. */
  | 'payment-pending';

/** The bridge's problem codes. */
type BridgeCode =
  | 'invalid-request'
  | 'invalid-code'
  | 'invalid-token'
  | 'invalid-hand-over'
  | 'unauthenticated'
  | 'not-found'
  | 'method-not-allowed'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'conflict'
  | 'misconfigured'
  | 'not-configured'
  | 'tiki-rejected-signature'
  | 'signing-denied'
  | 'tiki-bad-response'
  | 'tiki-unavailable'
  | 'signing-unavailable'
  | 'overloaded'
  | 'tiki-timeout'
  | 'upstream-bad-response'
  | 'upstream-unavailable'
  | 'upstream-timeout'
  | 'internal';

/** Firebase rejected the session for good: the user was disabled or deleted, or all tokens revoked. */
export const ENDING = [
  'user-disabled',
  'user-not-found',
  'token-expired',
  'invalid-refresh-token',
] as const;
type EndingCode = (typeof ENDING)[number];

/** Errors of Identity Toolkit and Secure Token; most have Google's name in kebab case. */
type AuthCode =
  | 'invalid-custom-token'
  | 'credential-mismatch'
  /** Of another project than the Web API key's. */
  | 'project-number-mismatch'
  | EndingCode
  /** Google refused the project's Web API key: see its restrictions in the Google Cloud console. */
  | 'api-key-refused';

/** Google's status codes, besides `not-found`, `unauthenticated` and `internal` of the bridge. */
type StatusCode =
  | 'cancelled'
  | 'unknown'
  | 'permission-denied'
  | 'invalid-argument'
  | 'already-exists'
  | 'failed-precondition'
  | 'aborted'
  | 'out-of-range'
  | 'unimplemented'
  | 'data-loss'
  | 'resource-exhausted'
  | 'unavailable'
  | 'deadline-exceeded';

export type ErrorCode = ClientCode | BridgeCode | AuthCode | StatusCode;

/** Fails to compile if a code has no message, or a message has an unknown code. */
type Exactly<A extends B, B> = [A, B];
export type EveryCodeHasItsMessage = [
  Exactly<ErrorCode, MessageCode>,
  Exactly<MessageCode, ErrorCode>,
];

/** The code's messages; undefined if it is not one of our codes. */
function rowOf(code: string): (typeof MESSAGES)[number] | undefined {
  return MESSAGES.find((row) => row[2].split(' ').indexOf(code) >= 0);
}

export function isErrorCode(code: string): code is ErrorCode {
  return !!rowOf(code);
}

/** Of a purchase that failed: `unknown` if it may still be, or become, paid. */
export type PurchaseOutcome = 'done' | 'not-done' | 'unknown';

export interface ErrorExtras {
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** For logging: the bridge's problem with `detail` and `requestId`, or Google's `{error}`. */
  readonly body?: Fields | undefined;
  /** The argument or option that is wrong, or what is wrong with it. */
  readonly detail?: string;
  /** What a callable function threw as the details of its `HttpsError`. */
  readonly details?: unknown;
  /** `Retry-After` in seconds; 0 without one. */
  readonly retryAfter?: number;
  /** The scopes that were refused. */
  readonly scopes?: readonly string[] | undefined;
  /** What `my` passed to `fail`. */
  readonly native?: unknown;
  /** Of every failed purchase. */
  readonly outcome?: PurchaseOutcome;
}

/** The only error class. `message` can be shown to the user; it is in the client's language. */
export class TikiFirebaseError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras,
    language: 'vi' | 'en' | undefined,
  ) {
    // Every code has a row.
    super((rowOf(code) || MESSAGES[0])[language === 'en' ? 1 : 0]);
    this.name = 'TikiFirebaseError';
  }
}

export type FailWith = (code: ErrorCode, extras?: ErrorExtras) => never;
