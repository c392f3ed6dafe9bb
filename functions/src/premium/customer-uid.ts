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
 * Accepts only uids that `uidOf` would produce. Anything else (another provider's user, a bare
 * number, a path) must never become a document name.
 *
 * @throws EntitlementError `invalid-uid`
 */
export function parseCustomerUid(text: string): string {
  if (!isUidOfCustomer(text)) {
    throw new EntitlementError(
      'invalid-uid',
      'A uid must be "tiki:" followed by a customer id, a positive int64 in canonical decimal: tiki:123',
    );
  }
  return text;
}
