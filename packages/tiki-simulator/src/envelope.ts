import type { AlteredSuccess, Fault } from './fault';
import type { Grant, Tokens } from './grants';
import type { Order } from './orders/order';
import { orderJson } from './orders/order-json';
import { rawObject } from './raw-json';

/** A successful result of a call, before serialization. */
export type Success =
  | { readonly of: 'exchange'; readonly grant: Grant; readonly tokens: Tokens }
  | { readonly of: 'refresh'; readonly grant: Grant; readonly tokens: Tokens }
  | { readonly of: 'me'; readonly grant: Grant }
  | { readonly of: 'order'; readonly order: Order }
  | { readonly of: 'orders'; readonly orders: readonly Order[] };

export interface Failure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** Tiki documents `service_code` and `request_id`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export function failureEnvelope(failure: Failure): string {
  return JSON.stringify({ data: null, error: failure });
}

/** Applies the fault if it alters data; ignores other faults. */
export function successEnvelope(success: Success, fault?: Fault): string {
  return rawObject({ data: successData(success, fault), error: 'null' });
}

/** Whether a fault changes the data of a success. */
export function isAlteration(fault: Fault): fault is AlteredSuccess {
  return ['wrong-types', 'customer-id', 'missing-customer', 'order'].includes(fault.kind);
}

/** Whether this success contains the data that the alteration changes. */
export function canAlter(alteration: AlteredSuccess, success: Success | undefined): boolean {
  switch (alteration.kind) {
    case 'wrong-types':
      return success !== undefined;
    case 'customer-id':
      return success?.of === 'exchange' || success?.of === 'me';
    case 'missing-customer':
      return success?.of === 'exchange';
    case 'order':
      return success?.of === 'order' || success?.of === 'orders';
  }
}

function successData(success: Success, fault: Fault | undefined): string {
  switch (success.of) {
    case 'order':
      return rawObject({ order: alteredOrder(success.order, fault) });
    case 'orders': {
      const orders = success.orders.map((order) => alteredOrder(order, fault));
      // Tiki's backend is written in Go, which writes an empty list as null.
      return rawObject({ orders: orders.length === 0 ? 'null' : `[${orders.join(',')}]` });
    }
    default:
      return loginData(success, fault);
  }
}

function alteredOrder(order: Order, fault: Fault | undefined): string {
  return orderJson(order, {
    wrongTypes: fault?.kind === 'wrong-types',
    ...(fault?.kind === 'order' && { members: fault.members }),
  });
}

type Login = Extract<Success, { readonly grant: Grant }>;

function loginData(success: Login, fault: Fault | undefined): string {
  const { customerId, customerName, scopes } = success.grant;
  const wrongTypes = fault?.kind === 'wrong-types';
  const id = fault?.kind === 'customer-id' ? fault.json : customerId;
  const shared = {
    id: wrongTypes ? JSON.stringify(id) : id,
    name: JSON.stringify(customerName),
    scopes: JSON.stringify(wrongTypes ? scopes.join(' ') : scopes),
  };

  if (success.of === 'me') {
    return rawObject({
      customer_id: shared.id,
      customer_name: shared.name,
      scopes: shared.scopes,
    });
  }

  const { accessToken, expiresInSeconds, refreshToken } = success.tokens;
  const withCustomer = success.of === 'exchange' && fault?.kind !== 'missing-customer';
  return rawObject({
    access_token: JSON.stringify(accessToken),
    expires_in: JSON.stringify(wrongTypes ? String(expiresInSeconds) : expiresInSeconds),
    ...(refreshToken !== undefined && { refresh_token: JSON.stringify(refreshToken) }),
    scopes: shared.scopes,
    token_type: '"bearer"',
    ...(withCustomer && { customer: rawObject({ id: shared.id, name: shared.name }) }),
  });
}
