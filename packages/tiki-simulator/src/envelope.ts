import type { AlteredSuccess, Fault } from './fault';
import type { Grant, Tokens } from './grants';

/** A successful result of one of the three calls, before serialization. */
export type Success =
  | { readonly of: 'exchange'; readonly grant: Grant; readonly tokens: Tokens }
  | { readonly of: 'refresh'; readonly grant: Grant; readonly tokens: Tokens }
  | { readonly of: 'me'; readonly grant: Grant };

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
  return ['wrong-types', 'customer-id', 'missing-customer'].includes(fault.kind);
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
  }
}

function successData(success: Success, fault: Fault | undefined): string {
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

/**
 * An object whose values are JSON text. `JSON.stringify` cannot write a customer id as Tiki does: a
 * JavaScript number cannot hold an int64, and Tiki does not use a string.
 */
function rawObject(members: Readonly<Record<string, string>>): string {
  const written = Object.entries(members).map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return `{${written.join(',')}}`;
}
