import type { Provider } from '../providers/provider';

/**
 * The claims of a custom token: this fixed list and no more, only facts that stay true for as long
 * as the session lives. Claims of a custom token override account claims, survive every refresh
 * and cannot be removed before the next sign-in; an entitlement put here would outlive its
 * subscription. Entitlements are account claims.
 *
 * The customer id is a string: JSON numbers lose digits in rules and apps.
 */
export function sessionClaims(
  { name, customerIdClaim }: Pick<Provider, 'name' | 'customerIdClaim'>,
  customerId: string,
): Readonly<Record<string, string>> {
  return { provider: name, [customerIdClaim]: customerId };
}
