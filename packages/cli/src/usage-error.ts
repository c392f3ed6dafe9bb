/** What the operator wrote makes no sense, on the command line or in a file. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
