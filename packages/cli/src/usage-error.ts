/** The command line or a file of the operator is wrong. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
