/** The three calls of Tiki's Open API that the simulator serves; paths under the base URL. */
export const OPEN_API_PATHS = [
  '/oauth/auth/token',
  '/oauth/auth/token/refresh',
  '/oauth/me',
] as const;

export type OpenApiPath = (typeof OPEN_API_PATHS)[number];

/**
 * What can go wrong between a backend and Tiki. Times in milliseconds, sizes in bytes.
 *
 * Every fault applies *after* the call took effect: the code is used up or the refresh token
 * rotated, and only then the answer is lost or altered. Real failures behave like this, which is why
 * an exchange must not be retried.
 */
export type Fault = AlteredSuccess | SubstitutedAnswer | DisturbedDelivery;

/** The usual success with altered data. Does not apply to refusals. */
export type AlteredSuccess =
  /** Customer id as a string, `expires_in` as a string, `scopes` as one string. */
  | { readonly kind: 'wrong-types' }
  /** Raw JSON text instead of the customer's id: `1e3`, `0`, `9007199254740993`, `null`. */
  | { readonly kind: 'customer-id'; readonly json: string }
  /** The exchange returns no `customer`, as in older examples of the documentation. */
  | { readonly kind: 'missing-customer' };

/** A different answer instead of the correct one. */
export type SubstitutedAnswer =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Sent as text/plain; default empty. */
      readonly body?: string;
      readonly retryAfterSeconds?: number;
    }
  /** 302; by default to a path of the Open API, so that following it appears in `calls`. */
  | { readonly kind: 'redirect'; readonly location?: string }
  /** 200 `application/json` whose body is not JSON. */
  | { readonly kind: 'garbage' }
  /** 200 `text/html`, like a proxy's login page. */
  | { readonly kind: 'html' }
  /** 200 `application/json` without a body. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'error-envelope';
      readonly reason: string;
      readonly message?: string;
      /** HTTP status; default 200. */
      readonly status?: number;
      readonly metadata?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** The correct answer, delivered incorrectly or not at all. */
export type DisturbedDelivery =
  /** Answers correctly after `ms`. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Reads the request and never answers. */
  | { readonly kind: 'hang' }
  /** Headers and half the body at once, the rest slowly over `ms`, so that no idle timeout fires. */
  | { readonly kind: 'slow-body'; readonly ms: number }
  /** TCP reset before the answer. */
  | { readonly kind: 'reset' }
  /** TCP reset after the headers and the first byte of the body. */
  | { readonly kind: 'reset-after-headers' }
  /** The correct answer followed by spaces up to `bytes`: valid JSON, but far too large. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** The same, gzipped: about a thousandth of `bytes` on the wire. */
  | { readonly kind: 'gzip-bomb'; readonly bytes: number };

export type FaultKind = Fault['kind'];

export interface FaultRule {
  /** `*` matches all three calls. */
  readonly path: OpenApiPath | '*';
  /** How many calls it applies to; default 1, `Infinity` for all until cleared. */
  readonly times?: number;
  readonly fault: Fault;
}
