import type { JsonRecord } from '../json';
import type { Outcome } from './outcome';

/** One call of a function of `my`. */
export interface Call {
  readonly name: 'getAuthCode' | 'getUserInfo' | 'request' | 'getStorage' | 'setStorage';
  /** As the app gave them. */
  readonly options: JsonRecord;
}

/** Stands around every call: carries it out, looks at what comes of it, and passes that on. */
export type Around = (call: Call, carryOut: () => Promise<Outcome>) => Promise<Outcome>;

/** Lets somebody look on while something runs. */
export interface Observation {
  readonly around: Around;
  /** From the first call on, also of those that the work makes before it first waits. */
  readonly during: <T>(observer: Around, work: () => Promise<T>) => Promise<T>;
}

export function createObservation(): Observation {
  let observer: Around | undefined;
  return {
    around: (call, carryOut) => (observer ? observer(call, carryOut) : carryOut()),
    async during(looksOn, work) {
      observer = looksOn;
      try {
        return await work();
      } finally {
        observer = undefined;
      }
    },
  };
}
