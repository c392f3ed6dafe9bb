import fc from 'fast-check';
import type { DocumentEvent } from './event-receiver';

/** What happens to the events of some notifications, by their numbers, until all are acknowledged. */
export interface Schedule {
  /** On their way at the same time, in this order: late, before others, and more than once. */
  readonly first: readonly number[];
  /** These are lost the first time. */
  readonly lost: readonly number[];
  /** When the process is killed: at this step, modulo those that one delivery takes. */
  readonly death: number;
  /** Whether the last chunk or message before that still reaches the other side. */
  readonly isLastStepDone: boolean;
  /** After that, by the next process; what was acknowledged may come again. */
  readonly second: readonly number[];
}

export function schedulesOf(events: number): fc.Arbitrary<Schedule> {
  const some = fc.array(fc.nat(events - 1), { minLength: 1, maxLength: events + 1 });
  return fc.noBias(
    fc.record({
      first: some,
      lost: fc.subarray(Array.from({ length: events - 1 }, (_, index) => index)),
      death: fc.nat(999_999),
      isLastStepDone: fc.boolean(),
      second: some,
    }),
  );
}

/** Delivers events as Eventarc does: what was not acknowledged with 2xx comes again. */
export function deliveries(
  events: readonly DocumentEvent[],
  deliver: (event: DocumentEvent) => Promise<boolean>,
) {
  const left = new Set(events);
  const lost = new Set<DocumentEvent>();

  async function attempt(event: DocumentEvent): Promise<void> {
    // Nothing arrives; whoever delivers sees no answer.
    if (lost.delete(event)) return;
    if (await deliver(event)) left.delete(event);
  }
  const named = (numbers: readonly number[]) => numbers.flatMap((number) => events[number] ?? []);
  return {
    lose: (numbers: readonly number[]) => {
      for (const event of named(numbers)) lost.add(event);
    },
    /** All at once, in this order. */
    together: (numbers: readonly number[]) => Promise.all(named(numbers).map(attempt)),
    /** Again and again, until all are acknowledged; in the reverse order of their creation. */
    untilAcknowledged: async (maxRounds: number) => {
      for (let round = 0; left.size > 0 && round < maxRounds; round += 1) {
        await Promise.all([...left].reverse().map(attempt));
      }
      return left.size;
    },
  };
}
