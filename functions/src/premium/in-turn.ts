/**
 * Runs what concerns the same key one after the other, in the order of asking; what concerns
 * different keys runs side by side. Callers in one process then need not race each other for a
 * document, where only one can win and all others have to read it anew.
 */
export function inTurn(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    // One that fails does not stop those behind it.
    const mine = before.then(work, work);
    const settled = mine
      .catch(() => undefined)
      .finally(() => {
        if (last.get(key) === settled) last.delete(key);
      });
    last.set(key, settled);
    return mine;
  };
}
