import * as z from 'zod';
import { EntitlementError } from './entitlement-error';

export const DAY_MS = 86_400_000;
/** About ten years: enough for any offer, and a typo does not grant a century. */
export const MAX_DAYS = 3_660;
/** The last millisecond of the year 9999. */
export const MAX_INSTANT = 253_402_300_799_999;

/** What a purchase gives: whole days of 24 hours, or premium until an instant (epoch ms). */
export type Terms = { readonly days: number } | { readonly until: number };

/** Something that gives premium: a paid order or an operator's grant. */
export type Purchase = Terms & {
  /** Unique per user: an order id, or an id chosen by the operator who grants. */
  readonly id: string;
  /** When it was bought or granted, epoch ms. */
  readonly at: number;
  /** `cancelled` when refunded or revoked. Never becomes active again. */
  readonly status: 'active' | 'cancelled';
};

export const instant = z
  .int('must be an integer of epoch milliseconds')
  .min(0, 'must not be before 1970')
  .max(MAX_INSTANT, 'must not be after the year 9999');

export const purchaseId = z
  .string()
  // Starts with a letter or digit: Firestore reserves names such as __id__.
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/, 'must be 1 to 100 letters, digits or _ . : -');

const event = { at: instant, status: z.enum(['active', 'cancelled']) };

export const termsOfDays = {
  days: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(MAX_DAYS, `must be at most ${MAX_DAYS}`),
};
const termsOfUntil = { until: instant };

/** A purchase as stored under its id. */
export const storedPurchase = z.union([
  z.strictObject({ ...event, ...termsOfDays }),
  z.strictObject({ ...event, ...termsOfUntil }),
]);
export type StoredPurchase = z.output<typeof storedPurchase>;

/**
 * Accepts 1 to 3660 whole days, or an end after the purchase and at most 3660 days later.
 *
 * @throws EntitlementError `invalid-purchase`, naming the field
 */
export function requireValidPurchase(purchase: Purchase): void {
  const { id, ...rest } = purchase;
  // Checked against one member of the union, whose issues are more specific than "no match".
  const shape = 'days' in rest ? storedPurchase.options[0] : storedPurchase.options[1];
  const issues = [
    ...(purchaseId.safeParse(id).error?.issues.map(({ message }) => `id ${message}`) ?? []),
    ...(shape
      .safeParse(rest)
      .error?.issues.map(({ path, message }) => `${path.join('.') || 'purchase'} ${message}`) ??
      []),
  ];
  if (issues.length === 0 && 'until' in purchase) {
    if (purchase.until <= purchase.at) issues.push('until must be later than the purchase');
    if (purchase.until > purchase.at + MAX_DAYS * DAY_MS) {
      issues.push(`until must be at most ${MAX_DAYS} days away`);
    }
  }
  if (issues.length > 0) throw new EntitlementError('invalid-purchase', issues.join('; '));
}
