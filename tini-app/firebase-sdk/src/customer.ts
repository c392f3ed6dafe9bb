import { callMy, type My } from './my';

const TIMEOUT_MS = 5_000;

function customerIdOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { readonly customerId?: unknown }).customerId
    : undefined;
}

/**
 * The uid that the bridge gives to whoever is logged in to Tiki now; undefined where nobody can
 * tell. Good for noticing a change, never a proof of identity.
 */
export async function currentUid(my: My): Promise<string | undefined> {
  const { ok, value } = await callMy(my, 'getUserInfo', {}, TIMEOUT_MS);
  const id = ok ? customerIdOf(value) : undefined;
  // A guest's is empty or 0.
  return id && (typeof id === 'string' || typeof id === 'number') ? `tiki:${id}` : undefined;
}
