import { Problem } from '../../problem';

/**
 * Uploads that one instance works on at once. Each may take a minute and holds some 100 KiB, so they
 * get a share of the instance's 80 requests.
 */
const MAX_UPLOADS = 16;
/** So that one caller with slow uploads does not keep the others out. */
const MAX_OF_CALLER = 4;
const RETRY_AFTER_SECONDS = 2;

/** Runs an upload unless too many are in flight. @throws Problem `overloaded` */
export type BoundedUploads = <T>(caller: string, upload: () => Promise<T>) => Promise<T>;

export function boundedUploads(): BoundedUploads {
  const callers: string[] = [];
  return async (caller, upload) => {
    const own = callers.filter((each) => each === caller).length;
    if (callers.length >= MAX_UPLOADS || own >= MAX_OF_CALLER) {
      throw new Problem('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    callers.push(caller);
    try {
      return await upload();
    } finally {
      callers.splice(callers.indexOf(caller), 1);
    }
  };
}
