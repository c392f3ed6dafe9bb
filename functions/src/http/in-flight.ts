import { Problem } from '../problem';

const RETRY_AFTER_SECONDS = 1;

/** The requests that one instance works on at once. */
interface InFlight {
  /** Counts one request until `work` is through with it. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** @throws Problem `overloaded` when this is more than `most`, the one that asks included. */
  readonly requireRoom: (most: number) => void;
}

export function inFlightCount(): InFlight {
  let count = 0;
  return {
    during: async (work) => {
      count += 1;
      try {
        return await work();
      } finally {
        count -= 1;
      }
    },
    requireRoom: (most) => {
      if (count > most) throw new Problem('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    },
  };
}
