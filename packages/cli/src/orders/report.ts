import {
  type Difference,
  type Export,
  MalformedOrder,
  type Order,
  type OrdersReport,
  type RefundResult,
  type ShownOrder,
} from '../../../../functions/src/operator';
import { printable } from '../printable';

const instant = (at: number | null): string => (at === null ? '–' : new Date(at).toISOString());

const orders = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

const vnd = (amount: number | string): string => `${amount} VND`;

export function describeEntry({
  reference,
  order,
}: {
  readonly reference: string;
  readonly order: Order | MalformedOrder;
}): string {
  if (order instanceof MalformedOrder) return `${printable(reference)}  malformed`;
  const { state, createdAt, uid, planId, priceVnd, refundedAt } = order;
  const shown = refundedAt === null ? state : `${state}, refunded`;
  const parts = [reference, instant(createdAt), shown.padEnd(19), uid, planId, vnd(priceVnd)];
  return parts.join('  ');
}

export function describeOrder({ order, messages }: ShownOrder): string {
  const { reference, uid, planId, priceVnd, days, state, orderId, platformStatus } = order;
  return [
    `Order ${reference} of ${uid}`,
    `  plan        ${planId}, ${days} days, ${vnd(priceVnd)}`,
    `  state       ${state}`,
    `  at Tiki     ${orderId ?? 'not known'}, ${printable(platformStatus ?? 'never read')}`,
    `  created     ${instant(order.createdAt)}`,
    `  paid        ${instant(order.paidAt)}`,
    `  completed   ${instant(order.completedAt)}`,
    `  cancelled   ${instant(order.canceledAt)}`,
    `  refunded    ${instant(order.refundedAt)}`,
    `  next look   ${instant(order.dueAt)}`,
    messages.length === 0 ? 'No messages of Tiki.' : 'Messages of Tiki:',
    ...messages.map(
      ({ messageId, createdAt, status, receivedAt }) =>
        `  ${instant(createdAt)}  ${printable(status)}, received ${instant(receivedAt)}  ${messageId}`,
    ),
  ].join('\n');
}

/**
 * What a comparison found, for people; and whether nothing is left to do.
 *
 * @param goOn The command that also withdraws what was withheld.
 */
export function describeReport(
  report: OrdersReport,
  goOn: string,
): { readonly text: string; readonly isDone: boolean } {
  const { looked, repaired, completed, findings, isFinished } = report;
  const isWithheld = findings.some(({ kind }) => kind === 'withheld');
  const lines = [
    `Looked at ${orders(looked)}: ${repaired} repaired, ${completed} completed at Tiki.`,
    ...findings.map(
      ({ reference, kind, detail }) =>
        `  ${printable(reference)}  ${kind}${detail === undefined ? '' : ` (${detail})`}`,
    ),
    ...(isWithheld
      ? [
          'Tiki says that so many paid orders are cancelled that it is no accident of customers: they',
          'keep their premium. Are key, secret and TIKI_API_BASE_URL right? If they are to lose it:',
          goOn,
        ]
      : []),
    ...(isFinished ? [] : ['There is more to do: repeat the command.']),
  ];
  return { text: lines.join('\n'), isDone: isFinished && findings.length === 0 };
}

/** @param goOn The command that does it. */
export function describePlannedRefund(order: Order, goOn: string): string {
  const { reference, uid, planId, days, priceVnd, state, refundedAt } = order;
  const bought = `${reference} of ${uid}: ${planId}, ${days} days, ${vnd(priceVnd)}, ${state}`;
  if (refundedAt !== null) return `${bought}. It was refunded at ${instant(refundedAt)}.`;
  const what =
    state === 'completed'
      ? 'Tiki has completed it and pays nothing back: premium is withdrawn, and you pay back by hand.'
      : state === 'paid'
        ? 'It is cancelled at Tiki, which pays the customer back, and premium is withdrawn.'
        : 'No payment is known. If Tiki knows of one, the order is cancelled there and paid back.';
  return `${bought}.\n${what}\nNothing was changed. A refund is final; to do it:\n${goOn}`;
}

export function describeRefund({ how, order, isNew }: RefundResult): string {
  const { reference, uid, priceVnd, refundedAt } = order;
  switch (how) {
    case 'not-paid':
      return `Nothing to refund: nobody has paid ${reference}.`;
    case 'by-tiki':
      return `Refunded ${reference}: Tiki pays ${vnd(priceVnd)} back, and ${uid} has lost its premium.`;
    case 'by-hand':
      return isNew
        ? `Premium of ${reference} is withdrawn from ${uid}, but Tiki has completed the order and ` +
            `pays nothing back.\nPay ${vnd(priceVnd)} back by hand, once.`
        : `${reference} was refunded before, at ${instant(refundedAt)}: premium is withdrawn from ` +
            `${uid}.\nIf the ${vnd(priceVnd)} were not paid back by hand then, they still have to be.`;
  }
}

const describeDifference = ({ reference, orderId, what }: Difference): string =>
  `  ${printable(reference)}  ${orderId ?? 'no order at Tiki'}  ${what}`;

/** For people, beside the CSV. */
export function describeExport({ total, refunded, differences }: Export): string {
  return [
    `${orders(total.count)}, ${vnd(total.vnd)}; by Tiki's amounts ${vnd(total.atTikiVnd)}.`,
    `Of these refunded: ${refunded.count}, ${vnd(refunded.vnd)}; by Tiki's ${vnd(refunded.atTikiVnd)}.`,
    ...(differences.length === 0
      ? ["They agree with Tiki's."]
      : ["These differ from Tiki's:", ...differences.map(describeDifference)]),
  ].join('\n');
}
