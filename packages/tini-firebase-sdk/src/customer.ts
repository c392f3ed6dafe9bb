import { callMy, fieldsOf } from 'tiki-firebase-client/runtime';
import type { Platform } from './my';

const TIMEOUT_MS = 5_000;

/**
 * The bridge's uid for the customer logged in to Tiki; undefined if unknown. Only for detecting a
 * change, never proof of identity.
 */
export async function currentUid(platform: Platform): Promise<string | undefined> {
  const { ok, given } = await callMy(platform, 'getUserInfo', {}, TIMEOUT_MS);
  const id = ok && fieldsOf(given)['customerId'];
  // Empty or 0 for a guest.
  return id && (typeof id === 'string' || typeof id === 'number') ? `tiki:${id}` : undefined;
}
