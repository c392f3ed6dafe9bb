/** What the bridge's errors say to the operator. */
function operatorNote(error: unknown): unknown {
  const extras: unknown = error instanceof Error ? Reflect.get(error, 'extras') : undefined;
  return typeof extras === 'object' && extras !== null
    ? Reflect.get(extras, 'operator')
    : undefined;
}

/**
 * Writes an entry for Cloud Logging. Never the whole error: what failed calls carry along can hold
 * tokens.
 */
export function logFailure(what: string, error: unknown): void {
  const entry = {
    severity: 'ERROR',
    message: `${what}: ${String(error)}`,
    operator: operatorNote(error),
  };
  console.error(JSON.stringify(entry));
}
