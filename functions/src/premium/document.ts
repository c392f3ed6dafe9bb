import * as z from 'zod';
import { EntitlementError } from './entitlement-error';
import { MAX_PURCHASES, premiumUntilOf } from './entitlement';
import { instant, purchaseId, storedPurchase, type Purchase } from './purchase';

/** The document `entitlements/{uid}`, with its purchases as a list. */
export interface Entitlement {
  /** Epoch ms; null when never premium or all was cancelled. Rules compare it with now. */
  readonly premiumUntil: number | null;
  readonly purchases: readonly Purchase[];
  /** Epoch ms of the last change of purchases or premiumUntil. */
  readonly updatedAt: number;
  /** Incremented by each of those changes. */
  readonly version: number;
  /** The newest version known to be on the account; 0 for none. */
  readonly projectedVersion: number;
  /** The exclusive right to write the account's claims; null when it is free. */
  readonly lease: Lease | null;
}

export interface Lease {
  readonly holder: string;
  /** Epoch ms. */
  readonly until: number;
}

/** @param now Epoch ms. */
export function isPremium({ premiumUntil }: Entitlement, now: number): boolean {
  return premiumUntil !== null && premiumUntil > now;
}

/** Whether a write to the account may be in flight. */
export function isLeased({ lease }: Entitlement, now: number): boolean {
  return lease !== null && lease.until > now;
}

/** The largest value of a Date: the sum of many purchases may go past the year 9999. */
const MAX_SUM = 8_640_000_000_000_000;

const storedEntitlement = z.object({
  premiumUntil: z.int().min(0).max(MAX_SUM).nullable(),
  purchases: z
    .record(purchaseId, storedPurchase)
    .refine(
      (purchases) => Object.keys(purchases).length <= MAX_PURCHASES,
      `must be at most ${MAX_PURCHASES}`,
    ),
  updatedAt: instant,
  version: z.int().min(1),
  projectedVersion: z.int().min(0),
  lease: z.strictObject({ holder: z.string().min(1).max(100), until: instant }).nullable(),
});

/** The document as stored in Firestore. */
export type StoredEntitlement = z.input<typeof storedEntitlement>;

/**
 * Parses a stored document. The error message names the invalid fields, never their values.
 *
 * @throws EntitlementError `malformed-document`
 */
export function parseDocument(uid: string, content: unknown): Entitlement {
  const { data, error } = storedEntitlement.safeParse(content);
  if (!data) {
    const fields = error.issues.map(({ path }) => path.map(String).join('.') || 'the document');
    throw new EntitlementError(
      'malformed-document',
      `The document entitlements/${uid} is malformed: ${[...new Set(fields)].join(', ')}. ` +
        'Correct it in the Firebase console; until then, writes for this user are refused',
    );
  }
  const purchases = Object.entries(data.purchases).map(([id, rest]) => ({ id, ...rest }));
  return { ...data, purchases };
}

export function toDocument(entitlement: Entitlement): StoredEntitlement {
  const purchases = Object.fromEntries(entitlement.purchases.map(({ id, ...rest }) => [id, rest]));
  return { ...entitlement, purchases };
}

/** The next version, with premiumUntil recomputed. */
export function nextVersion(
  before: Entitlement | undefined,
  purchases: readonly Purchase[],
  now: number,
): Entitlement {
  return {
    premiumUntil: premiumUntilOf(purchases) ?? null,
    purchases,
    updatedAt: now,
    version: (before?.version ?? 0) + 1,
    projectedVersion: before?.projectedVersion ?? 0,
    lease: before?.lease ?? null,
  };
}
