/** What a custom token may say about its user. */
export interface SessionClaims {
  readonly provider: 'tiki';
  /** The customer id in canonical decimal, a string: JSON numbers lose digits in rules and apps. */
  readonly tikiCustomerId: string;
}

/**
 * The claims of a custom token: this fixed list and no more, only facts that stay true for as long
 * as the session lives. Claims of a custom token override account claims, survive every refresh
 * and cannot be taken back before the next sign-in; an entitlement put here would outlive its
 * subscription. Those belong into account claims.
 */
export function sessionClaims(customerId: string): SessionClaims {
  return { provider: 'tiki', tikiCustomerId: customerId };
}
