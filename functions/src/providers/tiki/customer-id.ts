import * as z from 'zod';

const INT64_MAX = 2n ** 63n - 1n;

/**
 * A Tiki customer id as it is sent: a bare JSON integer, read losslessly as `bigint`.
 * Parsed into its canonical decimal. Nothing else passes: no string, float, exponent, boolean,
 * zero or negative number, nothing above int64. A wrong id would open another customer's account.
 */
export const customerIdSchema = z
  .bigint()
  .positive()
  .max(INT64_MAX)
  .transform((id) => id.toString());
