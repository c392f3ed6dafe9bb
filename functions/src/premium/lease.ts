import { isLeased, type Entitlement } from './document';
import type { Decision } from './store';

/**
 * In ms. Longer than a write to Firebase Auth can stay in flight after its sender timed out: the
 * Admin SDK aborts a request after 25 s.
 */
export const LEASE_MS = 60_000;

export type Taken =
  | { readonly state: 'taken'; readonly entitlement: Entitlement; readonly now: number }
  /** The account already has this version or a newer one. */
  | { readonly state: 'current' }
  | { readonly state: 'busy' }
  | { readonly state: 'no-document'; readonly now: number };

export interface Wanted {
  /** The version that the account must have at least; `always` forces a write. */
  readonly version: number | 'always';
  readonly holder: string;
}

const leaseFor = (holder: string, now: number) => ({ holder, until: now + LEASE_MS });

/** Takes the exclusive right to write a user's claims, if needed and free. */
export function takeLease(
  stored: Entitlement | undefined,
  now: number,
  { version, holder }: Wanted,
): Decision<Taken> {
  if (!stored) return { result: { state: 'no-document', now } };
  if (version !== 'always' && stored.projectedVersion >= version) {
    return { result: { state: 'current' } };
  }
  if (isLeased(stored, now)) return { result: { state: 'busy' } };
  const entitlement = { ...stored, lease: leaseFor(holder, now) };
  return { write: entitlement, result: { state: 'taken', entitlement, now } };
}

export type Settled =
  | { readonly state: 'done' }
  /** The document or the account changed meanwhile; the lease was renewed for another write. */
  | { readonly state: 'moved'; readonly entitlement: Entitlement; readonly now: number }
  /** The lease expired and was taken over, so this write may have overwritten a newer one. */
  | { readonly state: 'lost' };

/**
 * Records that version `written` is on the account, and whether that is still the latest.
 *
 * @param written Undefined: none, because another program overwrote it.
 */
export function settle(
  stored: Entitlement | undefined,
  now: number,
  { holder, written }: { readonly holder: string; readonly written: number | undefined },
): Decision<Settled> {
  if (stored?.lease?.holder !== holder) return { result: { state: 'lost' } };
  const projected = { ...stored, projectedVersion: written ?? stored.projectedVersion };
  if (stored.version === written) {
    return { write: { ...projected, lease: null }, result: { state: 'done' } };
  }
  const entitlement = { ...projected, lease: leaseFor(holder, now) };
  return { write: entitlement, result: { state: 'moved', entitlement, now } };
}

/** Releases a lease under which nothing was written to the account. */
export function releaseLease(stored: Entitlement | undefined, holder: string): Decision<Settled> {
  return stored?.lease?.holder === holder
    ? { write: { ...stored, lease: null }, result: { state: 'done' } }
    : { result: { state: 'lost' } };
}
