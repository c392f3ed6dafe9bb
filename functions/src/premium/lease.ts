import type { Entitlement } from './document';
import type { Decision } from './store';

/**
 * How long nobody else may write a user's claims, in ms. Longer than a write to Firebase Auth can
 * be on its way after the one who sent it gave up: the Admin SDK ends a request after 25 s.
 */
export const LEASE_MS = 60_000;

export type Taken =
  | { readonly state: 'taken'; readonly entitlement: Entitlement; readonly now: number }
  /** The account has this state or a newer one. */
  | { readonly state: 'current' }
  | { readonly state: 'busy' }
  | { readonly state: 'no-document'; readonly now: number };

export interface Wanted {
  /** Satisfied when this version is on the account; `always`: only a write of one's own will do. */
  readonly version: number | 'always';
  readonly holder: string;
}

const leaseFor = (holder: string, now: number) => ({ holder, until: now + LEASE_MS });

/** Whether somebody is at work on the account right now. */
export function isLeased({ lease }: Entitlement, now: number): boolean {
  return lease !== null && lease.until > now;
}

/** Asks for the right to write the claims of a user. */
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
  /** The document moved on meanwhile: write again, the lease is renewed. */
  | { readonly state: 'moved'; readonly entitlement: Entitlement; readonly now: number }
  /** The lease ran out and another took it, so ours may have landed on top of theirs. */
  | { readonly state: 'lost' };

/** After the claims of `written` have been written: is that still the truth? */
export function settle(
  stored: Entitlement | undefined,
  now: number,
  { holder, written }: { readonly holder: string; readonly written: number },
): Decision<Settled> {
  if (stored?.lease?.holder !== holder) return { result: { state: 'lost' } };
  const projected = { ...stored, projectedVersion: written };
  if (stored.version === written) {
    return { write: { ...projected, lease: null }, result: { state: 'done' } };
  }
  const entitlement = { ...projected, lease: leaseFor(holder, now) };
  return { write: entitlement, result: { state: 'moved', entitlement, now } };
}

/** Gives the lease back without having written anything. */
export function releaseLease(stored: Entitlement | undefined, holder: string): Decision<undefined> {
  return stored?.lease?.holder === holder
    ? { write: { ...stored, lease: null }, result: undefined }
    : { result: undefined };
}
