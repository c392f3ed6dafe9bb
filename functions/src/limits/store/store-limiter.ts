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
 * A limiter whose count all instances share. An address known to be over the quota is refused from
 * memory until the window ends. When the store fails, for whatever reason, this instance counts in
 * memory: no login fails because of the store.
 */
export async function openStoreLimiter(
  { points, seconds }: Quota,
  { count, documentId, clock }: StoreLimiterSettings,
): Promise<Limiter> {
  const { RateLimiterMemory, RateLimiterRes } = await import('rate-limiter-flexible');
  // By this path the bundler uses one copy of the package; `instanceof` fails across two.
  const { default: Base } = await import('rate-limiter-flexible/lib/RateLimiterStoreAbstract');

  /** The two methods that the base class requires of a store. */
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
