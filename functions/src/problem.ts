/**
 * Every way a request can fail: the closed union of codes that callers may rely on.
 *
 * `retry` tells the caller what to do: `no` (the same request will fail again), `later` (wait for
 * `Retry-After`), `yes` (a new attempt may succeed; for a login that means a new auth code).
 */
export const PROBLEMS = {
  /** The body is not the documented shape; the detail names the field. */
  'invalid-request': { status: 400, title: 'Invalid request', retry: 'no' },
  /** Tiki refused the auth code: unknown, expired or used. Ask `my.getAuthCode` for a new one. */
  'invalid-code': { status: 401, title: 'Invalid auth code', retry: 'no' },
  /** Tiki refused the refresh or access token. Sign in again. */
  'invalid-token': { status: 401, title: 'Invalid token', retry: 'no' },
  'not-found': { status: 404, title: 'Not found', retry: 'no' },
  /** Comes with `Allow`. */
  'method-not-allowed': { status: 405, title: 'Method not allowed', retry: 'no' },
  'payload-too-large': { status: 413, title: 'Payload too large', retry: 'no' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type', retry: 'no' },
  /** Too many exchanges from one address. Comes with `Retry-After`. */
  'rate-limited': { status: 429, title: 'Too many requests', retry: 'later' },
  /** The Firebase ID token is missing or malformed. */
  unauthenticated: { status: 401, title: 'Unauthenticated', retry: 'no' },
  /** The request comes from a foreign origin, or without the CSRF token of its session. */
  forbidden: { status: 403, title: 'Forbidden', retry: 'no' },
  /**
   * The hand-over code is unknown, used or expired, or was made for another page. The page announces
   * itself to the Tini App again.
   */
  'invalid-hand-over': { status: 403, title: 'Invalid hand-over code', retry: 'no' },
  /** What is asked for contradicts what was asked for before under the same name. */
  conflict: { status: 409, title: 'Conflict', retry: 'no' },
  /** A parameter or secret is missing or malformed; the log names it. */
  misconfigured: { status: 500, title: 'Service misconfigured', retry: 'no' },
  /** Tiki says `invalid_signature`: wrong key, secret, environment or clock. The operator's to fix. */
  'tiki-rejected-signature': { status: 500, title: 'Service misconfigured', retry: 'no' },
  /** IAM does not let this service sign; the log has the command that fixes it. */
  'signing-denied': { status: 500, title: 'Service misconfigured', retry: 'no' },
  /** Tiki's answer is not of the documented shape. */
  'tiki-bad-response': { status: 502, title: 'Bad response from Tiki', retry: 'yes' },
  /** Tiki cannot be reached or answers 5xx. Comes with `Retry-After`. */
  'tiki-unavailable': { status: 503, title: 'Tiki unavailable', retry: 'yes' },
  /** IAM did not sign in time. Comes with `Retry-After`. */
  'signing-unavailable': { status: 503, title: 'Signing unavailable', retry: 'yes' },
  /** This instance has too many requests in flight. Comes with `Retry-After`. */
  overloaded: { status: 503, title: 'Overloaded', retry: 'yes' },
  /** Tiki did not answer in time. */
  'tiki-timeout': { status: 504, title: 'Tiki did not answer in time', retry: 'yes' },
  /** The service behind `gateway` or `backend` gave an answer that cannot be passed on. */
  'upstream-bad-response': { status: 502, title: 'Bad response from upstream', retry: 'yes' },
  /** The service behind `gateway` or `backend` cannot be reached. Comes with `Retry-After`. */
  'upstream-unavailable': { status: 503, title: 'Upstream unavailable', retry: 'yes' },
  /** The service behind `gateway` or `backend` did not answer in time. */
  'upstream-timeout': { status: 504, title: 'Upstream did not answer in time', retry: 'yes' },
  /** This project does not use the function; the log says how to set it up. */
  'not-configured': { status: 503, title: 'Not configured', retry: 'no' },
  /** Anything else. */
  internal: { status: 500, title: 'Internal error', retry: 'yes' },
} as const satisfies Record<
  string,
  { readonly status: number; readonly title: string; readonly retry: 'no' | 'later' | 'yes' }
>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong with one field of a request, for `invalid-request`. */
export type FieldFault =
  'missing' | 'not-a-string' | 'empty' | 'too-long' | 'bad-characters' | 'malformed';

export type BodyFault =
  | 'not-an-object'
  | 'not-json'
  | 'not-a-token-form'
  | 'not-one-file'
  | 'not-uploadable'
  | 'incomplete';

export type TargetFault = 'path' | 'file-name' | 'query' | 'too-long';

/** What is wrong with a request, or with what it asks for: what its caller can change. */
export type RequestFault =
  | { readonly field: string; readonly fault: FieldFault }
  | { readonly body: BodyFault }
  /** The address has something that the gateway does not pass on: an id, a query parameter. */
  | { readonly target: TargetFault }
  /** For `payload-too-large`: the limit. */
  | { readonly maxBytes: number }
  /** For `upstream-bad-response`: the limit that Google's answer exceeded. */
  | { readonly maxAnswerBytes: number };

/**
 * What the operator reads in the log. Never part of an answer, and free of anything that a caller or
 * an upstream sent, except fields that were checked against an allow-list.
 */
export interface OperatorNote {
  /** What is wrong, in one sentence of our own. */
  readonly cause: string;
  /** The account, parameter or upstream it is about. */
  readonly account?: string;
  /** The exact command or step that fixes it; the log has the project's id for `<project>`. */
  readonly remedy?: string;
  /** Tiki's own words for its support: reason, service code, request id. */
  readonly tiki?: Readonly<Record<string, string | number>>;
}

export interface ProblemExtras {
  readonly request?: RequestFault;
  readonly operator?: OperatorNote;
  readonly retryAfterSeconds?: number;
  readonly allow?: string;
  readonly cause?: unknown;
}

/** The one error class of the bridge: a problem code, and what only the operator may see. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly extras: ProblemExtras = {},
  ) {
    super(code, { cause: extras.cause });
  }
}

/** Whatever was thrown, as a problem: `internal` for everything unexpected. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', { cause: error });
}
