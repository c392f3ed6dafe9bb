import type { Count } from './count';

interface Batch {
  /** The sum of the calls that have joined so far. */
  points: number;
  sent: boolean;
  /** The count after the whole batch. */
  readonly counted: Promise<number>;
}

/**
 * One call at a time for each id: what is asked for meanwhile is added up for the next call, and each
 * caller gets the count that they would have got alone. However many requests one address sends at
 * once, an instance writes to its document one by one; concurrent writers would contend for it until
 * they all time out, and the limit would be off just when it is needed.
 *
 * A batch that waits for a call that fails, fails with it.
 */
export function coalesced(count: Count): Count {
  const last = new Map<string, Batch>();

  function begin(id: string, expiresAt: number): Batch {
    const before = last.get(id);
    const send = async (): Promise<number> => {
      await before?.counted;
      batch.sent = true;
      return count(id, batch.points, expiresAt);
    };
    const batch: Batch = {
      points: 0,
      sent: false,
      // Deferred, since `send` reads `batch`.
      counted: Promise.resolve()
        .then(send)
        .finally(() => {
          if (last.get(id) === batch) last.delete(id);
        }),
    };
    last.set(id, batch);
    return batch;
  }

  return async (id, points, expiresAt) => {
    const open = last.get(id);
    const batch = open === undefined || open.sent ? begin(id, expiresAt) : open;
    batch.points += points;
    const own = batch.points;
    const counted = await batch.counted;
    return counted - (batch.points - own);
  };
}
