/**
 * Shares one run among all who ask for the same key while it is under way.
 *
 * Mobile networks send a request twice. A code is single use, so the second exchange would burn
 * the first one's answer: both get the same instead. Nothing is remembered afterwards.
 */
export function singleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, run) => {
    const known = underWay.get(key);
    if (known) return known;
    const started = run().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}
