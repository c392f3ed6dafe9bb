import type { Firestore } from 'firebase-admin/firestore';
import { readAuditTrail } from './audit-trail';
import { type CallBounds, within } from './google-call';
import { MAX_INSTANT } from './purchase';
import { replay, type ReplayReport } from './replay';
import type { PremiumService } from './service';
import { unavailable } from './store';

/** To read the audit trail, or which orders there are, ms. */
const READ_MS = 600_000;
/** An entry has the time at which its documents were read. Until they were written, some seconds passed. */
const EARLIER_MS = 300_000;
/** Documents in one call. */
const ORDERS = 500;

/** Repeats on one project's documents what its audit trail has since an export; see {@link replay}. */
export function openReplay(
  firestore: Firestore,
  service: PremiumService,
  { onSlow }: CallBounds,
): (from: number) => Promise<ReplayReport> {
  const bounds = { timeoutMs: READ_MS, onSlow };
  const read = <T>(work: () => Promise<T>): Promise<T> =>
    within(bounds, { code: 'store-unavailable', name: 'Firestore' }, work).catch(
      (error: unknown) => {
        throw unavailable(error);
      },
    );

  async function withoutOrder(references: readonly string[]): Promise<readonly string[]> {
    const orders = firestore.collection('orders');
    const lost: string[] = [];
    for (let from = 0; from < references.length; from += ORDERS) {
      const some = references.slice(from, from + ORDERS).map((reference) => orders.doc(reference));
      const found = await firestore.getAll(...some, { fieldMask: [] });
      lost.push(...found.filter(({ exists }) => !exists).map(({ id }) => id));
    }
    return lost;
  }

  return async (from) => {
    const start = Math.max(0, from - EARLIER_MS);
    const entries = await read(() =>
      // No upper bound: entries have Firestore's time, which may be ahead of this machine's clock.
      readAuditTrail(firestore, { from: start, to: MAX_INSTANT }),
    );
    return replay(entries, {
      service,
      withoutOrder: (references) => read(() => withoutOrder(references)),
    });
  };
}
