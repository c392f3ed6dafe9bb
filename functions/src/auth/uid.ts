const CANONICAL_DECIMAL = /^[1-9]\d{0,18}$/;
const INT64_MAX = 2n ** 63n - 1n;

/**
 * The Firebase uid of a Tiki customer: `tiki:` and the id. One customer, one uid, and back: ids
 * have exactly one canonical form, and the prefix keeps them apart from other providers' users.
 *
 * @param customerId A positive int64 in canonical decimal.
 * @throws RangeError for anything else; the message does not quote it.
 */
export function uidOf(customerId: string): string {
  if (!CANONICAL_DECIMAL.test(customerId) || BigInt(customerId) > INT64_MAX) {
    throw new RangeError('A customer id must be a positive int64 in canonical decimal');
  }
  return `tiki:${customerId}`;
}
