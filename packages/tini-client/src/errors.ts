import { type Fields } from './runtime/answer';
import { BUSY, ENDING_ROWS, type MessageCode, MESSAGES } from './messages';

/** Failures that the client itself finds. */
type ClientCode =
  /** The user did not agree, or nobody is logged in to Tiki. */
  | 'user-refused'
  /** Tiki gave no auth code, and it sounds like the network. */
  | 'no-auth-code'
  /** This Tini App may not ask for one of the scopes: see Tini Console. */
  | 'scope-not-granted'
  /** No HTTP answer, or one that the runtime hides. */
  | 'network'
  /** No answer in time. Whether the request was served is not known. */
  | 'timeout'
  /** Nobody is logged in, or somebody logged out while the call was under way. */
  | 'not-signed-in'
  /** Somebody else is logged in to Tiki now. */
  | 'user-changed'
  /** `my.getUserInfo` does not say whose app this is, so the stored session is not given out. */
  | 'user-unknown'
  /** Refused with a 403 that names no code: by something before the bridge, or without a body. */
  | 'forbidden'
  /** The server answered something that is not its documented shape. */
  | 'bad-response'
  /** The session could not be erased from `my` storage. */
  | 'storage-failed';

/** The bridge's problem codes. */
type BridgeCode =
  | 'invalid-request'
  | 'invalid-code'
  | 'invalid-token'
  | 'unauthenticated'
  | 'not-found'
  | 'method-not-allowed'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'misconfigured'
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

/** What Identity Toolkit and Secure Token say, in lower case with hyphens. */
type AuthCode =
  | 'invalid-custom-token'
  | 'credential-mismatch'
  | 'user-disabled'
  | 'user-not-found'
  | 'token-expired'
  | 'invalid-refresh-token';

/** Beside `not-found`, `unauthenticated` and `internal`, which mean the same to the bridge. */
type FirestoreCode =
  | 'permission-denied'
  | 'invalid-argument'
  | 'already-exists'
  | 'failed-precondition'
  | 'aborted'
  | 'resource-exhausted'
  | 'unavailable'
  | 'deadline-exceeded';

export type ErrorCode = ClientCode | BridgeCode | AuthCode | FirestoreCode;

/** Fails to compile when a code has no message, or a message is for no code. */
type Exactly<A extends B, B> = [A, B];
export type EveryCodeHasItsMessage = [
  Exactly<ErrorCode, MessageCode>,
  Exactly<MessageCode, ErrorCode>,
];

/** Its row of the message table; undefined for what is none of our codes. */
export function rowOf(code: unknown): (typeof MESSAGES)[number] | undefined {
  // What is no string is not in there.
  return MESSAGES.find((row) => row[2].split(' ').indexOf(code as string) >= 0);
}

export interface ErrorExtras {
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The bridge's problem, with `detail` and `requestId`, or Google's `{error}`: for the log. */
  readonly body?: Fields | undefined;
  /** What is wrong with an argument. */
  readonly detail?: string;
  /** Seconds that the server asks to wait; 0 if it does not. */
  readonly retryAfter?: number;
  /** The scopes that were refused. */
  readonly scopes?: readonly string[] | undefined;
  /** What `my` gave to `fail`. */
  readonly native?: unknown;
}

/** The one error class. `message` is fit to be shown to the user, in the client's language. */
export class TikiFirebaseError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras,
    language: 'vi' | 'en' | undefined,
  ) {
    // Every code has its row.
    super((rowOf(code) || BUSY)[language === 'en' ? 1 : 0]);
    this.name = 'TikiFirebaseError';
  }
}

/** With these Firebase refuses a token for good, rather than for now. */
export function needsLogin(code: ErrorCode): boolean {
  return MESSAGES.indexOf(rowOf(code) || BUSY) < ENDING_ROWS;
}

/** Worth another attempt in a moment. */
export function isTransient(code: string): boolean {
  return code === 'network' || rowOf(code) === BUSY;
}

export type FailWith = (code: ErrorCode, extras?: ErrorExtras) => never;
