import { merge } from '../merge';
import { type Fields, fieldsOf } from '../runtime/answer';

/** A text for users. */
export interface Name {
  readonly vi: string;
  readonly en: string;
}

/** What can be bought. */
export interface Plan {
  readonly id: string;
  readonly name: Name;
  /** A whole number of VND. */
  readonly priceVnd: number;
  /** Of premium. */
  readonly days: number;
}

const STATES = [
  /** Tiki's answer to the order is not known yet. */
  'creating',
  /** For the payment, or for Tiki to confirm it. */
  'waiting',
  'paid',
  /** The time for a refund in the app has passed. */
  'completed',
  /** By the customer, by Tiki when nobody paid, or refunded. */
  'canceled',
  /** Tiki never answered, so that nobody could pay. */
  'abandoned',
] as const;
export type OrderState = (typeof STATES)[number];

/** One purchase, as the server knows it. All times are epoch ms; null: not so, or not yet. */
export interface Order {
  /** The order's name at the bridge; Tiki knows it too. */
  readonly reference: string;
  /** Tiki's own id. */
  readonly orderId: string | null;
  readonly planId: string;
  /** Of the plan when it was ordered, and so are price and days. */
  readonly name: Name;
  readonly priceVnd: number;
  readonly days: number;
  readonly state: OrderState;
  readonly createdAt: number | null;
  readonly paidAt: number | null;
  readonly completedAt: number | null;
  readonly canceledAt: number | null;
  readonly refundedAt: number | null;
  /** The end of the user's premium, of all purchases together. */
  readonly premiumUntil: number | null;
}

export const isPaid = ({ state }: Order) => state === 'paid' || state === 'completed';

/** Nobody can pay it any more. */
export const isOver = ({ state }: Order) => state === 'canceled' || state === 'abandoned';

// These throw for anything but the documented shape, and name the field.

function text(fields: Fields, name: string, pattern = /^/): string {
  const value = fields[name];
  if (typeof value !== 'string' || !pattern.test(value)) throw new Error(name);
  return value;
}

/** An amount, a number of days or a time. A larger or fractional number has lost digits. */
function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Error(name);
  return value;
}

const orNull = <T>(read: (fields: Fields, name: string) => T, fields: Fields, name: string) =>
  fields[name] === undefined || fields[name] === null ? null : read(fields, name);

function listIn<T>(fields: Fields, name: string, read: (value: unknown) => T): readonly T[] {
  const list = fields[name];
  if (!Array.isArray(list)) throw new Error(name);
  return list.map(read);
}

function planOf(value: unknown): Plan {
  const fields = fieldsOf(value);
  const name = fieldsOf(fields['name']);
  return {
    id: text(fields, 'id', /./),
    name: { vi: text(name, 'vi'), en: text(name, 'en') },
    priceVnd: whole(fields, 'priceVnd'),
    days: whole(fields, 'days'),
  };
}

/** A part of an address, so nothing else may be in it. */
const ID = /^[\w-]{1,64}$/;

const tikiId = (fields: Fields, name: string) => text(fields, name, ID);

export function orderOf(value: unknown): Order {
  const fields = fieldsOf(value);
  const { id, name, priceVnd, days } = planOf(merge(fields, { id: fields['planId'] }));
  const state = STATES.find((known) => known === fields['state']);
  if (!state) throw new Error('state');
  const at = (field: string) => orNull(whole, fields, field);
  return {
    reference: text(fields, 'reference', ID),
    // A number would have lost digits: Tiki's ids have 18.
    orderId: orNull(tikiId, fields, 'orderId'),
    planId: id,
    name,
    priceVnd,
    days,
    state,
    createdAt: at('createdAt'),
    paidAt: at('paidAt'),
    completedAt: at('completedAt'),
    canceledAt: at('canceledAt'),
    refundedAt: at('refundedAt'),
    premiumUntil: at('premiumUntil'),
  };
}

/** The answer of `GET /plans`. */
export const plansIn = (body: Fields) => listIn(body, 'plans', planOf);

/** The answer of `GET /orders`. */
export const ordersIn = (body: Fields) => listIn(body, 'orders', orderOf);

/** The answer about one order, which must be of this plan or have this reference. */
export const orderIn =
  (wanted: Partial<Pick<Order, 'planId' | 'reference'>>) =>
  (body: Fields): Order => {
    const order = orderOf(body['order']);
    for (const name of ['planId', 'reference'] as const) {
      if (wanted[name] !== undefined && wanted[name] !== order[name]) throw new Error(name);
    }
    return order;
  };
