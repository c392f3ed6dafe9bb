import { callMy, exactCustomerId, fieldsOf } from 'tiki-firebase-client/runtime';
import type { Platform } from './my';

const TIMEOUT_MS = 5_000;

/**
 * The bridge's uid for the customer logged in to Tiki; undefined unless Tiki gives an exact id. Only
 * for detecting a change, never proof of identity.
 */
export async function currentUid(platform: Platform): Promise<string | undefined> {
  const { ok, given } = await callMy(platform, 'getUserInfo', {}, TIMEOUT_MS);
  const id = ok && exactCustomerId(fieldsOf(given)['customerId']);
  return id ? `tiki:${id}` : undefined;
}
