import type { JsonRecord } from '../json';
import type { Outcome } from './outcome';

/** A call of a function of `my`. */
export interface Call {
  readonly name: 'getAuthCode' | 'getUserInfo' | 'request' | 'getStorage' | 'setStorage';
  /** As passed by the app. */
  readonly options: JsonRecord;
}

/** Wraps each call: runs it, observes its outcome, and returns that. */
export type Around = (call: Call, carryOut: () => Promise<Outcome>) => Promise<Outcome>;

/** Observes the calls made while something runs. */
export interface Observation {
  readonly around: Around;
  /** Includes calls that `work` makes synchronously. */
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
