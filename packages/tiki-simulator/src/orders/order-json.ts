import { rawObject } from '../raw-json';
import type { Order } from './order';

export interface OrderAlteration {
  /** The id as a number and the amount as a string. */
  readonly wrongTypes?: boolean;
  /** Raw JSON text by member, instead of the value. */
  readonly members?: Readonly<Record<string, string>>;
}

/** An order as Tiki writes it, in answers and in notifications. Tiki's orders name no customer. */
export function orderJson(order: Order, { wrongTypes, members }: OrderAlteration = {}): string {
  const id = wrongTypes === true ? order.id : JSON.stringify(order.id);
  const total = String(order.grandTotalVnd);
  return rawObject({
    id,
    status: JSON.stringify(order.status),
    grand_total: wrongTypes === true ? JSON.stringify(total) : total,
    tiki_order_id: JSON.stringify(order.tikiOrderId),
    tiki_order_code: JSON.stringify(order.tikiOrderCode),
    extra: JSON.stringify(order.extra),
    reference_id: JSON.stringify(order.referenceId),
    ...members,
  });
}
