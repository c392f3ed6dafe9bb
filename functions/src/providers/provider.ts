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
 * Another platform is another folder beside `tiki/`: see docs/contribute.md.
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
