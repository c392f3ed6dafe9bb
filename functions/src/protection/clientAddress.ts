import { isIP } from 'node:net';

/** The part of an IPv6 address that one customer of a provider usually has for themselves. */
const IPV6_GROUPS = 4;

/** IPv6 in its eight groups, `::` filled up. */
function ipv6Groups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  if (tail === undefined) return groups(head);
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
}

/**
 * One key for one client: an IPv4 address as it is, an IPv6 address by its /64 network, since a
 * client may choose freely within that. Undefined for what is no address.
 */
export function addressKey(address: string): string | undefined {
  const text = address.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  switch (isIP(text)) {
    case 4:
      return text;
    case 6: {
      const groups = ipv6Groups(text.replace(/%.*$/, '')).slice(0, IPV6_GROUPS);
      return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
    }
    default:
      return undefined;
  }
}

/**
 * The address of the client in `X-Forwarded-For`, counted from the right. Google's front end
 * appends the address it was called from to whatever a caller sent, so only entries from the right
 * can be trusted: the last one, or, behind `trustedProxies` more proxies that append as well, as
 * many further to the left. Anything a caller puts into the header stands to the left of those.
 *
 * @returns `unknown` when there is no such entry: all of those share one key.
 */
export function clientAddress(
  forwardedFor: string | undefined,
  peer: string | undefined,
  trustedProxies: number,
): string {
  const entries = forwardedFor?.split(',') ?? [];
  const entry = forwardedFor === undefined ? peer : entries.at(-1 - trustedProxies);
  return addressKey(entry ?? '') ?? 'unknown';
}
