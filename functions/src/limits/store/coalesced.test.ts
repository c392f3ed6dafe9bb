import fc from 'fast-check';
import type { Count } from './count';
import { coalesced } from './coalesced';

/** A store that answers when the test says so. */
function slowStore() {
  const calls: { readonly id: string; readonly points: number }[] = [];
  const answers: ((fails?: Error) => void)[] = [];
  const counts = new Map<string, number>();
  const count: Count = (id, points) => {
    calls.push({ id, points });
    return new Promise((resolve, reject) => {
      answers.push((fails) => {
        if (fails) {
          reject(fails);
          return;
        }
        const counted = (counts.get(id) ?? 0) + points;
        counts.set(id, counted);
        resolve(counted);
      });
    });
  };
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    count: coalesced(count),
    calls,
    settled,
    answer: async (fails?: Error) => {
      answers.shift()?.(fails);
      await settled();
    },
  };
}

describe('coalesced', () => {
  it('combines all counts that arrive during a call into the next', async () => {
    const store = slowStore();
    const first = store.count('a', 1, 0);
    await store.settled();
    const rest = [1, 1, 1].map((points) => store.count('a', points, 0));
    await store.settled();
    expect(store.calls).toEqual([{ id: 'a', points: 1 }]);
    await store.answer();
    expect(await first).toBe(1);
    expect(store.calls).toEqual([
      { id: 'a', points: 1 },
      { id: 'a', points: 3 },
    ]);
    await store.answer();
    expect(await Promise.all(rest)).toEqual([2, 3, 4]);
  });

  it('does not wait for other ids', async () => {
    const store = slowStore();
    const both = [store.count('a', 1, 0), store.count('b', 1, 0)];
    await store.settled();
    expect(store.calls.map(({ id }) => id)).toEqual(['a', 'b']);
    await store.answer();
    await store.answer();
    expect(await Promise.all(both)).toEqual([1, 1]);
  });

  it('fails what waits for a failed call, and starts afresh after it', async () => {
    const store = slowStore();
    const first = store.count('a', 1, 0);
    await store.settled();
    const waiting = store.count('a', 1, 0);
    const failures = Promise.allSettled([first, waiting]);
    await store.answer(new Error('down'));
    expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(store.calls).toHaveLength(1);
    const next = store.count('a', 1, 0);
    await store.settled();
    await store.answer();
    expect(await next).toBe(1);
  });

  it('gives each caller a count of their own, in any order of events', async () => {
    const step = fc.oneof(fc.constant('ask' as const), fc.constant('answer' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = slowStore();
        const asked: Promise<number>[] = [];
        for (const each of steps) {
          if (each === 'ask') asked.push(store.count('a', 1, 0));
          else await store.answer();
        }
        for (let i = 0; i <= steps.length; i += 1) await store.answer();
        expect(await Promise.all(asked)).toEqual(asked.map((_, i) => i + 1));
      }),
    );
  });
});
