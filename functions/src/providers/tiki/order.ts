import * as z from 'zod';
import type { OrderProgress, PlatformOrder } from '../provider';

/** Tiki's documented statuses. `processing` and `on_delivery` are also those of unpaid cash on delivery. */
const PROGRESS: Readonly<Partial<Record<string, OrderProgress>>> = {
  draft: 'waiting',
  waiting_for_payment: 'waiting',
  waiting_for_verification: 'waiting',
  online_paid: 'paid',
  processing: 'delivering',
  on_delivery: 'delivering',
  completed: 'completed',
  canceled: 'canceled',
};

/** Documented as a decimal string of 18 digits. */
export const orderId = z
  .union([z.string(), z.bigint().transform(String)])
  .pipe(z.string().regex(/^[1-9]\d{0,31}$/));

/** What is stored and logged, whatever Tiki sends. */
const status = z.string().regex(/^[\w-]{1,40}$/);

/** The parts of an order that notifications have too. */
export const orderFields = {
  id: orderId,
  status,
  // Go leaves out what is empty, or sends "".
  reference_id: z.string().max(256).nullish(),
};

interface Fields {
  readonly id: string;
  readonly status: string;
  readonly reference_id?: string | null | undefined;
}

export function readOrder({ id, status, reference_id }: Fields): Omit<PlatformOrder, 'amountVnd'> {
  const progress = Object.hasOwn(PROGRESS, status) ? PROGRESS[status] : undefined;
  return { id, status, progress: progress ?? 'unknown', reference: reference_id || undefined };
}

/** An order in Tiki's answers. Everything else in it is ignored. */
export const tikiOrder = z
  .object({ ...orderFields, grand_total: z.bigint() })
  .transform((order): PlatformOrder => ({ ...readOrder(order), amountVnd: order.grand_total }));
