/**
 * Shares one run among all callers that use the same key while it is in progress. Nothing is
 * remembered afterwards.
 */
export function singleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const inProgress = new Map<string, Promise<T>>();
  return (key, run) => {
    const known = inProgress.get(key);
    if (known) return known;
    const started = run().finally(() => inProgress.delete(key));
    inProgress.set(key, started);
    return started;
  };
}
