const CANONICAL_DECIMAL = /^[1-9]\d{0,18}$/;
const INT64_MAX = 2n ** 63n - 1n;

/**
 * The Firebase uid of a customer: the provider's prefix and the id, such as `tiki:123`. One
 * customer, one uid, and back: ids have exactly one canonical form, and the prefix keeps providers
 * apart.
 *
 * @param customerId A positive int64 in canonical decimal.
 * @throws RangeError for anything else; the message does not quote it.
 */
export function uidOf(prefix: string, customerId: string): string {
  if (!CANONICAL_DECIMAL.test(customerId) || BigInt(customerId) > INT64_MAX) {
    throw new RangeError('A customer id must be a positive int64 in canonical decimal');
  }
  return prefix + customerId;
}
