import type { Firestore } from 'firebase-admin/firestore';
import * as z from 'zod';
import { AUDIT } from './audit';

/** The most that one question gets. */
export const MAX_AUDIT_ENTRIES = 1_000;

const change = <T extends z.ZodType>(facts: T) =>
  z.object({ before: facts.nullable(), after: facts.nullable() });

const storedEntry = z.object({
  at: z.int(),
  by: z.string(),
  uid: z.string(),
  premium: change(
    z.object({
      premiumUntil: z.number().nullable(),
      version: z.int(),
      purchases: z.record(z.string(), z.string()),
    }),
  ).optional(),
  reference: z.string().optional(),
  order: change(
    z.object({
      state: z.string(),
      priceVnd: z.number(),
      refundedAt: z.number().nullable(),
    }),
  ).optional(),
});

/** An entry as it is read: `auditExpiresAt` is of no interest. */
export type StoredAuditEntry = z.output<typeof storedEntry>;

/** What is asked for: `[from, to)`, epoch ms; of one user or of all. */
export interface AuditQuestion {
  readonly from: number;
  readonly to: number;
  readonly uid?: string | undefined;
}

/** The entries of a period, the oldest first; {@link MAX_AUDIT_ENTRIES} at most. */
export async function readAuditTrail(
  firestore: Firestore,
  { from, to, uid }: AuditQuestion,
): Promise<readonly StoredAuditEntry[]> {
  const all = firestore.collection(AUDIT);
  const some = uid === undefined ? all : all.where('uid', '==', uid);
  const query = some.where('at', '>=', from).where('at', '<', to).orderBy('at');
  const { docs } = await query.limit(MAX_AUDIT_ENTRIES).get();
  // What somebody else wrote there is no entry.
  return docs.flatMap((document) => storedEntry.safeParse(document.data()).data ?? []);
}
