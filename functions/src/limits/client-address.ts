import { isIP, isIPv4 } from 'node:net';
import { header, type IncomingRequest } from '../http/request';
import { isGoogleAddress } from './google-networks';
import type { Networks } from './networks';

/** A port, or what hides one (RFC 7239, 6.3). */
const PORT = String.raw`(?::(?:\d{1,5}|_[\w.-]+))?`;
const BRACKETED = new RegExp(String.raw`^\[([^\]]*)\]${PORT}$`);
const IPV4 = new RegExp(String.raw`^([\d.]+)${PORT}$`);

/**
 * The address in an entry of a forwarding header. Besides bare addresses, proxies write
 * `203.0.113.7:443`, `[2001:db8::7]`, `[2001:db8::7]:443` and any of them in quotes. Undefined where
 * an entry hides its address (`unknown`, `_hidden`) or has none.
 */
function addressIn(entry: string): string | undefined {
  const text = entry.trim().replace(/^"(.*)"$/, '$1');
  const address = (BRACKETED.exec(text) ?? IPV4.exec(text))?.[1] ?? text;
  return isIP(address) === 0 ? undefined : address;
}

/** A /64 network: what an internet provider usually assigns to one customer. */
const IPV6_GROUPS = 4;

/** An IPv4-mapped IPv6 address. */
const IPV4_MAPPED = /^0:0:0:0:0:ffff:/;

/** The eight groups of an IPv6 address in lowercase without leading zeros; `::` is expanded. */
function ipv6Groups(address: string): string[] {
  // URL canonicalizes the host: lowercase, no leading zeros, no dotted IPv4 part.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  if (tail === undefined) return groups(head);
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
}

/** The last two of eight groups in IPv4 notation. */
function ipv4In(groups: readonly string[]): string {
  return groups
    .slice(6)
    .map((group) => parseInt(group, 16))
    .flatMap((both) => [both >> 8, both & 0xff])
    .join('.');
}

/**
 * The key to count a client by: an IPv4 address (also when IPv4-mapped), or the /64 network of an
 * IPv6 address, because a client can pick any address within it; never the port, which is another
 * with each connection. Undefined if an entry has no address.
 */
export function addressKey(entry: string): string | undefined {
  const address = addressIn(entry);
  if (address === undefined || isIPv4(address)) return address;
  const groups = ipv6Groups(address);
  return IPV4_MAPPED.test(groups.join(':'))
    ? ipv4In(groups)
    : groups.slice(0, IPV6_GROUPS).join(':');
}

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
  /** Number of entries in `X-Forwarded-For`, without empty ones. */
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

  // Empty elements of a list count as none: RFC 9110, 5.6.1.
  const entries = forwardedFor
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => addressIn(entry) ?? '');
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

/** Whose request it is, by what its headers and its connection say. */
export function requestClient(request: IncomingRequest, isTrustedProxy: Networks): Client {
  return clientOf(
    {
      forwardedFor: header(request, 'x-forwarded-for'),
      hostingClient: header(request, 'fastly-client-ip'),
      peer: request.socket.remoteAddress,
    },
    isTrustedProxy,
  );
}
