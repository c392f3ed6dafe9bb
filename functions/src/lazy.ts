/**
 * Opens something with its first call, once for all callers; after a failure, which all who waited get,
 * the next call tries again.
 */
export function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
}

/**
 * A function whose code is loaded with its first call: the Firebase CLI, and every other function of
 * the same package, load its declaration only.
 */
export function lazily<Args extends readonly unknown[], Result>(
  load: () => Promise<(...args: Args) => Result | Promise<Result>>,
): (...args: Args) => Promise<Result> {
  const loaded = openOnce(load);
  return async (...args) => (await loaded())(...args);
}
