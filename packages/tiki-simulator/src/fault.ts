/** Below the base URL, as all paths here. */
export const LOGIN_PATHS = ['/oauth/auth/token', '/oauth/auth/token/refresh', '/oauth/me'] as const;

/** `/order` is read with GET; POST creates, as at `/order/multi-sku`. */
export const ORDER_PATHS = [
  '/order/multi-sku',
  '/order',
  '/order/list',
  '/order/complete',
  '/order/cancel',
] as const;

/** What the simulator serves of Tiki's Open API. */
export const OPEN_API_PATHS = [...LOGIN_PATHS, ...ORDER_PATHS] as const;

export type LoginPath = (typeof LOGIN_PATHS)[number];
export type OrderPath = (typeof ORDER_PATHS)[number];
export type OpenApiPath = LoginPath | OrderPath;

/**
 * What can go wrong between a backend and Tiki. Times in milliseconds, sizes in bytes.
 *
 * Every fault applies *after* the call took effect: the code is used up, the refresh token rotated
 * or the order created, and only then the answer is lost or altered. Real failures behave like this,
 * which is why neither an exchange nor the creation of an order may be retried.
 */
export type Fault = AlteredSuccess | SubstitutedAnswer | DisturbedDelivery;

/** The usual success with altered data. Does not apply to refusals. */
export type AlteredSuccess =
  /**
   * Customer id as a string, `expires_in` as a string, `scopes` as one string; an order's id as a
   * number, its `grand_total` as a string.
   */
  | { readonly kind: 'wrong-types' }
  /** Raw JSON text instead of the customer's id: `1e3`, `0`, `9007199254740993`, `null`. */
  | { readonly kind: 'customer-id'; readonly json: string }
  /** The exchange returns no `customer`, as in older examples of the documentation. */
  | { readonly kind: 'missing-customer' }
  /** Members of each order with raw JSON text instead of their values: `{grand_total: '1e3'}`. */
  | { readonly kind: 'order'; readonly members: Readonly<Record<string, string>> };

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
  /** `*` matches all calls. */
  readonly path: OpenApiPath | '*';
  /** How many calls it applies to; default 1, `Infinity` for all until cleared. */
  readonly times?: number;
  readonly fault: Fault;
}
