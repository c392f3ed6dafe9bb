import { refuse, type CallResult, type Refusal } from '../call-result';
import type { OrderPath } from '../fault';
import { InvalidInput, openFields } from '../fields';
import type { Lookup } from '../grants';
import { readJson } from '../json-body';
import type { AcceptedRequest } from '../request-check';
import { parseNewOrder } from './new-order';
import type { Order } from './order';
import type { OrderStore } from './order-store';

const MOST_LISTED = 100;

export interface OrderCallOptions {
  readonly orders: OrderStore;
  readonly onCreated: (order: Order) => void;
}

/** Carries out a call whose signature is right. */
export function orderCall(
  path: OrderPath,
  request: Pick<AcceptedRequest, 'method' | 'query' | 'body'>,
  { orders, onCreated }: OrderCallOptions,
): CallResult {
  if (request.method === 'GET') return read(path, request.query, orders);
  const body = readJson(request.body);
  if (body === undefined) return { refusal: refuse('invalid_request', 'body must be JSON') };
  if (path === '/order/complete' || path === '/order/cancel') {
    return finish(path === '/order/complete' ? 'completed' : 'canceled', body.value, orders);
  }
  const asked = parseNewOrder(body);
  if ('reason' in asked) return { refusal: asked };
  const order = orders.create(asked);
  onCreated(order);
  return { success: { of: 'order', order } };
}

function read(path: OrderPath, query: string, orders: OrderStore): CallResult {
  const name = path === '/order' ? 'order_id' : 'order_ids';
  const value = onlyValue(query, name);
  if (typeof value !== 'string') return { refusal: value };
  if (path === '/order') {
    const order = orders.find(value);
    if (order !== undefined) return { success: { of: 'order', order } };
    return { refusal: refuse('order_not_found', 'there is no such order') };
  }
  const ids = value.split(',');
  if (ids.length > MOST_LISTED || ids.includes('')) {
    const problem = `order_ids must be 1 to ${MOST_LISTED} ids with commas between them`;
    return { refusal: refuse('invalid_request', problem) };
  }
  return { success: { of: 'orders', orders: orders.list(ids) } };
}

/** The value of the query's only parameter, which must be encoded as the signature wants it. */
function onlyValue(query: string, name: string): string | Refusal {
  const [given, encoded = ''] = query.split('=');
  const value = decoded(encoded);
  if (given !== name || value === '' || query !== `${name}=${encodeURIComponent(value)}`) {
    return refuse(
      'invalid_request',
      `the query must be ${name}=…, percent-encoded: %2C for a comma, %20 for a space`,
    );
  }
  return value;
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}

function finish(status: 'completed' | 'canceled', body: unknown, orders: OrderStore): CallResult {
  try {
    const fields = openFields(body, 'the body');
    const id = fields.text('order_id');
    fields.text('comment');
    fields.noOthers();
    if (orders.find(id) === undefined) {
      return { refusal: refuse('order_not_found', 'there is no such order') };
    }
    return finished(orders.move(id, status));
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { refusal: refuse('invalid_request', error.message) };
  }
}

function finished(move: Lookup<Order>): CallResult {
  return 'found' in move
    ? { success: { of: 'order', order: move.found } }
    : { refusal: refuse('invalid_order_status', move.problem) };
}
