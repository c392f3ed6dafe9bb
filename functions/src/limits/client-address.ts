import { addressKey } from './address-key';
import { isGoogleAddress } from './google-networks';
import type { Networks } from './networks';

/** The parts of a request that may identify the client. */
export interface Sender {
  /** `X-Forwarded-For`: what the caller sent, followed by what each proxy appended. */
  readonly forwardedFor: string | undefined;
  /** `Fastly-Client-IP`: set by Hosting's CDN, but any caller can forge it. */
  readonly hostingClient: string | undefined;
  /** The remote address of the connection; only meaningful without a proxy. */
  readonly peer: string | undefined;
}

/**
 * Where the client address comes from:
 * - `direct`: the client called Google's front end.
 * - `proxy`: the client called one of `TRUSTED_PROXIES`.
 * - `hosting`: the client called Firebase Hosting.
 * - `disputed`: Hosting's own address, because the headers disagree about its caller.
 * - `unlisted`: counted as a client, but looks like a Hosting front end outside the known networks.
 */
export type Via = 'direct' | 'proxy' | 'hosting' | 'disputed' | 'unlisted';

export interface Client {
  /** The key to count by; `unknown` for all requests without a usable address. */
  readonly address: string;
  /** Number of entries in `X-Forwarded-For`. */
  readonly hops: number;
  readonly via: Via;
}

/**
 * Identifies the client by entries that the caller cannot forge.
 *
 * Google's front end appends the address that called it, so the last entry can always be trusted. It
 * decides whether the entry before it can be trusted as well:
 * - The operator's proxies, known by address, append their caller; their own entries are skipped.
 * - Hosting calls from Google's own networks and appends its caller. On the function's own URL the
 *   last entry is the caller's address, which cannot be in those networks, so a forged entry before
 *   it is never read. Only one Google entry is skipped: a caller's address may be Google's too.
 *   Hosting reports its caller in two headers; if a caller manages to forge one of them, the request
 *   is counted under the front end's address, not under one of the caller's choice.
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
  const previous = addressKey(entries[hops - 2] ?? '');
  const reported = hostingClient === undefined ? previous : addressKey(hostingClient);
  const agreed = previous !== undefined && previous === reported;
  if (isGoogleAddress(last)) {
    return agreed
      ? { address: previous, hops, via: 'hosting' }
      : { address: keyOf(last), hops, via: 'disputed' };
  }
  const looksLikeHosting = agreed && hostingClient !== undefined;
  return { address: keyOf(last), hops, via: looksLikeHosting ? 'unlisted' : 'direct' };
}
