import type { Clock } from '../../clock';
import type { Limiter, Quota } from '../rate-limit';
import type { Count } from './count';
import { windowAt, type DocumentId } from './window';

export interface StoreLimiterSettings {
  readonly count: Count;
  readonly documentId: DocumentId;
  readonly clock: Pick<Clock, 'now'>;
}

interface Counted {
  readonly count: number;
  readonly msBeforeNext: number;
}

/**
 * A limiter whose count all instances share. Whoever is known to be over the quota is refused from
 * memory until the window ends. When the store does not count, for whatever reason, this
 * instance's memory does: nobody fails to log in because of the store.
 */
export async function openStoreLimiter(
  { points, seconds }: Quota,
  { count, documentId, clock }: StoreLimiterSettings,
): Promise<Limiter> {
  const { RateLimiterMemory, RateLimiterRes } = await import('rate-limiter-flexible');
  // For the bundler to see: from elsewhere it would be of another copy, which takes ours for strangers.
  const { default: Base } = await import('rate-limiter-flexible/lib/RateLimiterStoreAbstract');

  /** What the base class asks of a store; it does the rest. */
  class StoreLimiter extends Base {
    async _upsert(address: string, added: number, ms: number): Promise<Counted> {
      const now = clock.now();
      const window = windowAt(now, ms);
      const counted = await count(documentId(address, window), added, window.end);
      return { count: counted, msBeforeNext: Math.max(0, window.end - clock.now()) };
    }

    _getRateLimiterRes(_address: string, added: number, { count: counted, msBeforeNext }: Counted) {
      const left = Math.max(0, this.points - counted);
      return new RateLimiterRes(left, msBeforeNext, counted, counted === added);
    }
  }

  return new StoreLimiter({
    storeClient: undefined,
    keyPrefix: '',
    points,
    duration: seconds,
    inMemoryBlockOnConsumed: points,
    insuranceLimiter: new RateLimiterMemory({ points, duration: seconds }),
  });
}
