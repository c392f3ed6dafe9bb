/** The maximum delay of a Node timer, about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Act = () => Promise<void> | void;

export interface Schedule {
  /** Does something after so many ms of the schedule's time. It must not fail. */
  readonly after: (ms: number, act: Act) => void;
  /**
   * Lets that much time pass at once: does in order, one after the other, what becomes due, including
   * what is scheduled meanwhile. Resolves when all of it is done.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** Forgets everything, and what is scheduled from now on. */
  readonly close: () => void;
}

/**
 * What Tiki does later: repeated notifications, orders that expire. Its time is that of `now` plus
 * what `advance` has skipped.
 *
 * @param byItself Whether things also happen as time passes; otherwise only on `advance`.
 */
export function createSchedule(now: () => number, byItself: boolean): Schedule {
  let skipped = 0;
  /** By due time; those of the same time as they were scheduled. */
  const entries: { readonly dueAt: number; readonly act: Act }[] = [];
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let advancing = 0;
  let closed = false;
  let advanced = Promise.resolve();
  const time = () => now() + skipped;

  /** Starts what is due first, if it is due by then. */
  function startNext(until: number): Promise<void> | undefined {
    const [next] = entries;
    if (next === undefined || next.dueAt > until) return undefined;
    entries.shift();
    skipped += Math.max(0, next.dueAt - time());
    const done = Promise.resolve(next.act()).finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  }

  function arm(): void {
    clearTimeout(timer);
    const [next] = entries;
    if (next === undefined || !byItself || advancing > 0) return;
    const ms = Math.min(Math.max(0, next.dueAt - time()), LONGEST_TIMER_MS);
    timer = setTimeout(() => {
      // Not awaited: a receiver that hangs delays no other message.
      while (startNext(time()) !== undefined);
      arm();
    }, ms).unref();
  }

  async function skip(ms: number): Promise<void> {
    await Promise.all(underWay);
    const until = time() + ms;
    for (let done = startNext(until); done !== undefined; done = startNext(until)) await done;
    skipped += Math.max(0, until - time());
  }

  return {
    after(ms, act) {
      if (closed) return;
      const dueAt = time() + ms;
      entries.splice(entries.findLastIndex((entry) => entry.dueAt <= dueAt) + 1, 0, { dueAt, act });
      arm();
    },

    advance(ms) {
      advancing += 1;
      clearTimeout(timer);
      advanced = advanced
        .then(() => skip(ms))
        .finally(() => {
          advancing -= 1;
          arm();
        });
      return advanced;
    },

    close() {
      closed = true;
      clearTimeout(timer);
      entries.length = 0;
    },
  };
}
