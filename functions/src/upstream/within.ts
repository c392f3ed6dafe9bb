/** The time was up before the work was done; the work itself goes on. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';

  constructor(ms: number) {
    super(`took longer than ${Math.round(ms)} ms`);
  }
}

/**
 * Waits for `work` no longer than `ms`. What becomes of the work afterwards is nobody's concern, not even its rejection.
 *
 * @throws TimeUp
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new TimeUp(ms));
      },
      Math.max(0, ms),
    );
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
