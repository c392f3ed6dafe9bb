import { addressKey } from './address-key';
import { isGoogles } from './google-networks';
import type { Networks } from './networks';

/** What of a request may tell whose it is. */
export interface Sender {
  /** `X-Forwarded-For`: whatever the caller sent, then what each proxy appended. */
  readonly forwardedFor: string | undefined;
  /** `Fastly-Client-IP`, which Hosting's network sets, and which anybody else may have written. */
  readonly hostingClient: string | undefined;
  /** The other end of the connection; says something only where nobody forwards. */
  readonly peer: string | undefined;
}

/**
 * How an address was come by:
 * `direct`, it called Google's front end itself; `proxy`, it called one of `TRUSTED_PROXIES`;
 * `hosting`, it called Firebase Hosting; `disputed`, it is Google's own, because the request does
 * not say with one voice who called Hosting; `unlisted`, it is taken for a client's but looks like
 * a front end of Hosting's in a network that is not known as Google's.
 */
export type Via = 'direct' | 'proxy' | 'hosting' | 'disputed' | 'unlisted';

export interface Client {
  /** A key to count by; `unknown` is one key for all whose header has no address there. */
  readonly address: string;
  /** Entries in `X-Forwarded-For`. */
  readonly hops: number;
  readonly via: Via;
}

/**
 * Whose request it is, by entries that the caller cannot have written.
 *
 * Google's front end appends the address it was called from, so the last entry is true however the
 * function was reached, and decides whether the one before it may be believed:
 * - A proxy of the operator's, known by its address, appends its caller; those are stepped over.
 * - Hosting calls from Google's own networks and puts its caller there. On the function's own URL
 *   the last entry is the caller's address, which nobody outside those networks can choose, so a
 *   forged entry is never reached. One step and no more: customers may have Google's addresses too.
 *   Hosting's network names its caller twice; a caller who got one of the two forged through it
 *   would share the front end's limit instead of having one of their choice.
 */
export function clientOf(sender: Sender, isTrustedProxy: Networks): Client {
  const { forwardedFor, hostingClient, peer } = sender;
  const keyOf = (entry: string | undefined) => addressKey(entry ?? '') ?? 'unknown';
  if (forwardedFor === undefined) return { address: keyOf(peer), hops: 0, via: 'direct' };

  const entries = forwardedFor.split(',');
  const hops = entries.length;
  const outermost = entries.findLastIndex((entry) => !isTrustedProxy(entry));
  if (outermost < hops - 1) return { address: keyOf(entries[outermost]), hops, via: 'proxy' };

  const last = entries[hops - 1] ?? '';
  const before = addressKey(entries[hops - 2] ?? '');
  const named = hostingClient === undefined ? before : addressKey(hostingClient);
  const agreed = before !== undefined && before === named;
  if (isGoogles(last)) {
    return agreed
      ? { address: before, hops, via: 'hosting' }
      : { address: keyOf(last), hops, via: 'disputed' };
  }
  const looksLikeHosting = agreed && hostingClient !== undefined;
  return { address: keyOf(last), hops, via: looksLikeHosting ? 'unlisted' : 'direct' };
}
