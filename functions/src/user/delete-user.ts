import * as z from 'zod';
import type { Contents, Kept } from './kept';

/** One thing that is done; it may be repeated. */
export interface Step {
  /** Follows "This". */
  readonly does: string;
  readonly run: (kept: Kept, uid: string) => Promise<void>;
}

const order = z.object({ state: z.string() });
/** In which nothing happens to an order any more, unless Tiki surprises us. */
const SETTLED: ReadonlySet<string> = new Set(['completed', 'canceled', 'abandoned']);

/** The references of orders that are not settled: a payment would bring premium and account back. */
export function openOrdersIn(orders: Contents): readonly string[] {
  return Object.entries(orders).flatMap(([path, content]) => {
    const [, reference = '', ...below] = path.split('/');
    if (below.length > 0) return [];
    const { data } = order.safeParse(content);
    // Whoever cannot be read may be paid.
    return data && SETTLED.has(data.state) ? [] : [reference];
  });
}

/** Nothing was deleted: a customer who may still pay, or was not given what they paid for. */
export class OrdersAreOpen extends Error {
  override readonly name = 'OrdersAreOpen';

  /** @param isLocked Whether their sessions have ended already, and their account is disabled. */
  constructor(
    readonly references: readonly string[],
    readonly isLocked: boolean,
  ) {
    super(`There are orders that are not settled: ${references.join(', ')}`);
  }
}

/** @throws OrdersAreOpen */
async function refuseOpenOrders(kept: Kept, uid: string, isLocked: boolean): Promise<void> {
  const open = openOrdersIn(await kept.orders(uid));
  if (open.length > 0) throw new OrdersAreOpen(open, isLocked);
}

/**
 * In this order a crash leaves no user behind who is half there: first nobody can come in as them, and
 * the account goes last, so that until the end everybody sees that something is left.
 */
export const DELETION: readonly Step[] = [
  {
    does: 'ends their sessions and disables their account',
    run: async (kept, uid) => {
      await kept.lock(uid);
      // Until now they could place one.
      await refuseOpenOrders(kept, uid, true);
    },
  },
  {
    does: 'deletes codes that hand a session over',
    run: (kept, uid) => kept.removeHandOvers(uid),
  },
  {
    does: 'deletes users/<uid> in Firestore with all below: devices, notifications, receipts',
    run: (kept, uid) => kept.removeDocuments(uid),
  },
  {
    does: 'deletes their files below users/<uid>/ in Cloud Storage',
    run: (kept, uid) => kept.removeFiles(uid),
  },
  {
    does: 'deletes users/<uid> in Realtime Database, if PREMIUM_DATABASE_URL names one',
    run: async (kept, uid) => {
      await kept.removeNodes?.(uid);
    },
  },
  {
    does: 'deletes their premium, and then the account',
    run: (kept, uid) => kept.removePremiumAndAccount(uid),
  },
];

/**
 * Deletes what is kept about a user, except orders and the audit trail: they are the accounts of a
 * business.
 *
 * @param began Called before each step.
 * @throws OrdersAreOpen; and what a place throws: repeat it then
 */
export async function deleteUser(
  uid: string,
  kept: Kept,
  began: (step: Step) => void = () => undefined,
): Promise<void> {
  await refuseOpenOrders(kept, uid, false);
  for (const step of DELETION) {
    began(step);
    await step.run(kept, uid);
  }
}
