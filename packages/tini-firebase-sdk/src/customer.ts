import { callMy, fieldsOf } from 'tiki-firebase-client/runtime';
import type { Surroundings } from './my';

const TIMEOUT_MS = 5_000;

/**
 * The uid that the bridge gives to whoever is logged in to Tiki now; undefined where nobody can
 * tell. Good for noticing a change, never a proof of identity.
 */
export async function currentUid(surroundings: Surroundings): Promise<string | undefined> {
  const { ok, given } = await callMy(surroundings, 'getUserInfo', {}, TIMEOUT_MS);
  const id = ok && fieldsOf(given)['customerId'];
  // A guest's is empty or 0.
  return id && (typeof id === 'string' || typeof id === 'number') ? `tiki:${id}` : undefined;
}
