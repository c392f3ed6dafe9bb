/**
 * The customer id that `my.getUserInfo` gave, as text; empty unless it is exact: a positive int64 in
 * canonical decimal. A number beyond 2^53 has lost digits and reads like another customer's id, so
 * it says nothing. A guest's id is empty or 0.
 */
export function exactCustomerId(value: unknown): string {
  const isExact = /^(string|bigint)$/.test(typeof value) || Number.isSafeInteger(value);
  const text = isExact ? String(value) : '';
  // Texts of 19 digits compare like numbers. The largest int64 has as many.
  return /^[1-9]\d{0,18}$/.test(text) && (text.length < 19 || text <= '9223372036854775807')
    ? text
    : '';
}
