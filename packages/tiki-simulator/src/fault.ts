/** The three calls of Tiki's Open API that the simulator serves, as paths below the base URL. */
export const OPEN_API_PATHS = [
  '/oauth/auth/token',
  '/oauth/auth/token/refresh',
  '/oauth/me',
] as const;

export type OpenApiPath = (typeof OPEN_API_PATHS)[number];

/**
 * What can go wrong between a backend and Tiki.
 *
 * Every fault strikes *after* the call did its work: the code is used up, the refresh token is
 * rotated, and only then the answer is lost or spoiled. That is what a real failure looks like,
 * and why repeating an exchange is wrong. Times are in milliseconds, sizes in bytes.
 */
export type Fault = AlteredSuccess | SubstitutedAnswer | DisturbedDelivery;

/** The usual success with something changed in its data. Refusals stay as they are. */
export type AlteredSuccess =
  /** Customer id as a string, `expires_in` as a string, `scopes` as one string. */
  | { readonly kind: 'wrong-types' }
  /** Raw JSON text in the place of the customer's id: `1e3`, `0`, `9007199254740993`, `null`. */
  | { readonly kind: 'customer-id'; readonly json: string }
  /** The exchange answers without `customer`, as in older examples of the documentation. */
  | { readonly kind: 'missing-customer' };

/** Another answer in the place of the right one. */
export type SubstitutedAnswer =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Sent as text/plain; empty unless given. */
      readonly body?: string;
      readonly retryAfterSeconds?: number;
    }
  /** 302; without `location` to a path of the Open API, so that following it shows in `calls`. */
  | { readonly kind: 'redirect'; readonly location?: string }
  /** 200 `application/json` whose body is not JSON. */
  | { readonly kind: 'garbage' }
  /** 200 `text/html`, as a proxy's login page would be. */
  | { readonly kind: 'html' }
  /** 200 `application/json` without a body. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'error-envelope';
      readonly reason: string;
      readonly message?: string;
      /** HTTP status, 200 unless given. */
      readonly status?: number;
      readonly metadata?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** The right answer, delivered badly or not at all. */
export type DisturbedDelivery =
  /** Answers correctly, but only after `ms`. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Headers and half the body at once; the rest drips in over `ms`, so no idle timeout fires. */
  | { readonly kind: 'slow-body'; readonly ms: number }
  /** TCP reset before the answer. */
  | { readonly kind: 'reset' }
  /** TCP reset after the headers and the first byte of the body. */
  | { readonly kind: 'reset-after-headers' }
  /** The right answer followed by spaces up to `bytes`: valid JSON, only far too large. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** The same, gzipped: about a thousandth of `bytes` on the wire. */
  | { readonly kind: 'gzip-bomb'; readonly bytes: number };

export type FaultKind = Fault['kind'];

export interface FaultRule {
  /** `*` stands for all three calls. */
  readonly path: OpenApiPath | '*';
  /** How many calls it strikes: 1 unless given, `Infinity` for all until cleared. */
  readonly times?: number;
  readonly fault: Fault;
}
