import { refuse, type Refusal } from '../call-result';
import { InvalidInput, openFields } from '../fields';
import type { JsonBody } from '../json-body';
import { isCustomerId } from '../issue-input';
import type { NewOrder, OrderItem } from './order';

/** "An order is at most 10,000,000 VND by default." */
const LARGEST_ORDER_VND = 10_000_000;

/**
 * Parses the body of `POST /order/multi-sku`, as strictly as the documentation allows: whole VND,
 * documented members only. Duplicates are items of the same name, since these items have no other
 * identity.
 */
export function parseNewOrder(body: JsonBody): NewOrder | Refusal {
  const wrong = body.numbers.find((number) => !isInt64(number));
  if (wrong !== undefined) {
    return refuse('invalid_request', `${wrong.slice(0, 40)} is not written as an int64`);
  }
  try {
    return newOrderIn(body.value);
  } catch (error) {
    if (error instanceof InvalidInput) return refuse('invalid_request', error.message);
    throw error;
  }
}

function newOrderIn(value: unknown): NewOrder | Refusal {
  const fields = openFields(value, 'the body');
  const customerId = fields.text('customer_id');
  if (!isCustomerId(customerId)) {
    throw new InvalidInput('customer_id must be a positive int64 in decimal, as a string');
  }
  const items = itemsIn(fields.value('items'));
  const { shipping_fee: shippingFeeVnd = 0 } = fields.optional('shipping_fee', (name) =>
    fields.integer(name, 0, Infinity),
  );
  fields.optional('customer_info', (name) => openFields(fields.value(name), name));
  const { extra = '' } = fields.optional('extra', fields.text);
  if (extra !== '' && !/^[^=;]+=[^=;]*(;[^=;]+=[^=;]*)*$/.test(extra)) {
    throw new InvalidInput('extra must be like "key=value;key=value"');
  }
  const { reference_id: referenceId = '' } = fields.optional('reference_id', fields.text);
  fields.noOthers();

  if (!Array.isArray(items)) return items;
  // Exact up to 2^53, and a sum above that is above the limit, however it is rounded.
  const grandTotalVnd = items.reduce(
    (sum, { priceVnd, quantity }) => sum + priceVnd * quantity,
    shippingFeeVnd,
  );
  if (grandTotalVnd > LARGEST_ORDER_VND) {
    const problem = `the order is over ${LARGEST_ORDER_VND} VND`;
    return refuse('ORDER_AMOUNT_LIMIT_EXCEEDED', problem);
  }
  return { customerId, items, grandTotalVnd, extra, referenceId };
}

function itemsIn(value: unknown): OrderItem[] | Refusal {
  if (!Array.isArray(value) || value.length === 0) {
    return refuse('INVALID_ITEM', 'items must be an array with at least one item');
  }
  try {
    const items = value.map(itemIn);
    const names = new Set(items.map(({ name }) => name));
    return names.size === items.length
      ? items
      : refuse('DUPLICATE_ITEMS', 'two items have the same name');
  } catch (error) {
    if (error instanceof InvalidInput) return refuse('INVALID_ITEM', error.message);
    throw error;
  }
}

function itemIn(value: unknown): OrderItem {
  const fields = openFields(value, 'an item');
  const item = {
    name: fields.text('name'),
    quantity: fields.integer('quantity', 1, Infinity),
    priceVnd: fields.integer('price', 1, Infinity),
  };
  fields.optional('image_url', fields.text);
  fields.optional('extra', fields.text);
  fields.noOthers();
  if (item.name.trim() === '') throw new InvalidInput('name must not be empty');
  return item;
}

/** As Go reads an int64: neither `49000.0` nor `49e3`. */
function isInt64(number: string): boolean {
  return /^-?\d{1,19}$/.test(number) && BigInt.asIntN(64, BigInt(number)) === BigInt(number);
}
