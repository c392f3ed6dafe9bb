import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import * as z from 'zod';
import { AUDIT } from './audit';
import { storedPurchase } from './purchase';

const PAGE = 1_000;

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
      purchases: z.record(z.string(), storedPurchase),
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

/** All entries of a period, the oldest first. */
export async function readAuditTrail(
  firestore: Firestore,
  { from, to, uid }: AuditQuestion,
): Promise<readonly StoredAuditEntry[]> {
  const all = firestore.collection(AUDIT);
  const some = uid === undefined ? all : all.where('uid', '==', uid);
  const query = some.where('at', '>=', from).where('at', '<', to).orderBy('at').limit(PAGE);
  const found: QueryDocumentSnapshot[] = [];
  for (let isLast = false; !isLast;) {
    const last = found.at(-1);
    const { docs } = await (last ? query.startAfter(last) : query).get();
    found.push(...docs);
    isLast = docs.length < PAGE;
  }
  // What somebody else wrote there is no entry.
  return found.flatMap((document) => storedEntry.safeParse(document.data()).data ?? []);
}
