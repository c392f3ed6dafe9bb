import * as z from 'zod';
import { EntitlementError } from './entitlement-error';
import { MAX_PURCHASES, premiumUntilOf } from './entitlement';
import { instant, purchaseId, storedPurchase, type Purchase } from './purchase';

/** What `entitlements/{uid}` says, with its purchases as a list in the order of time. */
export interface Entitlement {
  /** Epoch ms; null when never premium or everything was cancelled. Rules compare it with now. */
  readonly premiumUntil: number | null;
  readonly purchases: readonly Purchase[];
  /** When purchases or premiumUntil last changed, epoch ms. */
  readonly updatedAt: number;
  /** One more with each of those changes. */
  readonly version: number;
  /** The newest version that is known to have reached the account; 0 when none has. */
  readonly projectedVersion: number;
  /** Who alone may write the account's claims, and until when (epoch ms); null: nobody does. */
  readonly lease: Lease | null;
}

export interface Lease {
  readonly holder: string;
  readonly until: number;
}

/** Sums of many purchases may pass the year 9999. The last instant that a Date can hold. */
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

/** The document as Firestore holds it. */
export type StoredEntitlement = z.input<typeof storedEntitlement>;

/**
 * Reads a stored document. The message names the fields that are wrong, never what is in them.
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
        'Correct it in the Firebase console; until then nothing is written for this user',
    );
  }
  const purchases = Object.entries(data.purchases).map(([id, rest]) => ({ id, ...rest }));
  return { ...data, purchases };
}

export function toDocument(entitlement: Entitlement): StoredEntitlement {
  const purchases = Object.fromEntries(entitlement.purchases.map(({ id, ...rest }) => [id, rest]));
  return { ...entitlement, purchases };
}

/** The next version, with premiumUntil worked out anew. */
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
