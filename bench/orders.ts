import type { Message } from '@tiki-bridge/tiki-simulator/message';

// The orders of the benchmark. Everything about one follows from its number, so that the processes
// agree without talking about it.

const PRICE_VND = 49_000;
const DAYS = 30;
/** Order ids have 18 digits. */
const FIRST_ID = 100_000_000_000_000_000n;

const referenceOf = (number: number): string => `o${number.toString(16).padStart(31, '0')}`;

/** A paid order of Tiki's. */
export function orderAtTiki(id: string): Message['order'] {
  const number = Number(BigInt(id) - FIRST_ID);
  return {
    id,
    status: 'online_paid',
    customerId: String(number),
    items: [],
    grandTotalVnd: PRICE_VND,
    extra: '',
    referenceId: referenceOf(number),
    tikiOrderId: '1000000001',
    tikiOrderCode: '1000000001',
    createdAt: 0,
    paid: true,
    refunded: false,
  };
}

/** The document of an order that is not paid yet, and where it is. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly path: string;
  readonly content: object;
}

/** Each of a customer of its own, so that none waits for another. @param number From 1. */
export function placedOrder(number: number): PlacedOrder {
  const orderId = String(FIRST_ID + BigInt(number));
  const createdAt = Date.now();
  const instants = { createdAt, sentAt: createdAt, updatedAt: createdAt, dueAt: createdAt };
  return {
    orderId,
    path: `orders/${referenceOf(number)}`,
    content: {
      uid: `tiki:${number}`,
      customerId: String(number),
      planId: 'month',
      name: { vi: '1 tháng', en: '1 month' },
      priceVnd: PRICE_VND,
      days: DAYS,
      state: 'waiting',
      orderId,
      platformStatus: 'draft',
      watermark: null,
      ...instants,
      ...{ paidAt: null, completedAt: null, canceledAt: null, refundedAt: null },
    },
  };
}
