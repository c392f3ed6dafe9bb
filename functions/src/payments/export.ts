import {
  compareOrders,
  totalOf,
  type Difference,
  type StatementEffects,
  type Total,
} from './statement';

const COLUMNS = [
  'reference',
  'order_id',
  'uid',
  'plan_id',
  'days',
  'state',
  'tiki_status',
  'paid_at',
  'completed_at',
  'refunded_at',
  'price_vnd',
  'tiki_amount_vnd',
] as const;

export interface Export {
  /** With a header, and no line of totals: programs add up columns. */
  readonly csv: string;
  /** Of all lines. */
  readonly total: Total;
  /** Of those that were paid back, or are to be. */
  readonly refunded: Total;
  readonly differences: readonly Difference[];
}

const instant = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

/** No value has a comma or a quote. One that a spreadsheet could take for a formula gets an apostrophe. */
const cell = (value: string): string => (/^[-=+@]/.test(value) ? `'${value}` : value);

/**
 * The receipts of orders that were paid in `[from, to)`, epoch ms, as CSV (RFC 4180): amounts are whole
 * VND, times UTC.
 *
 * @throws Problem
 */
export async function exportOrders(
  effects: StatementEffects,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Export> {
  const paid = effects.store.between('paidAt', from, to);
  const { orders, differences } = await compareOrders(effects, paid);
  const lines = orders.map(({ order, atTiki }) =>
    [
      order.reference,
      order.orderId ?? '',
      order.uid,
      order.planId,
      String(order.days),
      order.state,
      atTiki?.status ?? '',
      instant(order.paidAt),
      instant(order.completedAt),
      instant(order.refundedAt),
      String(order.priceVnd),
      atTiki ? String(atTiki.amountVnd) : '',
    ]
      .map(cell)
      .join(','),
  );
  return {
    csv: [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join(''),
    total: totalOf(orders),
    refunded: totalOf(orders.filter(({ order }) => order.refundedAt !== null)),
    differences,
  };
}
