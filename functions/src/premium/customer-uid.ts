import { uidOf } from '../uid';
import { EntitlementError } from './entitlement-error';

const PREFIX = 'tiki:';

export function isUidOfCustomer(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  try {
    return uidOf(PREFIX, text.slice(PREFIX.length)) === text;
  } catch {
    return false;
  }
}

/**
 * Takes a text for a uid of the bridge, by the very rule that makes them. Anything else (another
 * provider's user, a bare number, a path) must never become the name of a document.
 *
 * @throws EntitlementError `invalid-uid`
 */
export function parseCustomerUid(text: string): string {
  if (!isUidOfCustomer(text)) {
    throw new EntitlementError(
      'invalid-uid',
      'A uid must be "tiki:" and a customer id: a positive int64 in canonical decimal, such as tiki:123',
    );
  }
  return text;
}
