/**
 * Runs tasks with the same key one after another, in the order they were added; tasks with
 * different keys run concurrently. Callers in one process then do not race for a document, where
 * one wins and every other has to read it again.
 */
export function createKeyedQueue(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const previous = last.get(key) ?? Promise.resolve();
    // A failed task must not block those behind it.
    const result = previous.then(task, task);
    const settled = result
      .catch(() => undefined)
      .finally(() => {
        if (last.get(key) === settled) last.delete(key);
      });
    last.set(key, settled);
    return result;
  };
}
