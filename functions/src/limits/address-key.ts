import { isIP } from 'node:net';

/** The part of an IPv6 address that one customer of a provider usually has for themselves. */
const IPV6_GROUPS = 4;

/** An IPv4 address in IPv6's clothes: five empty groups, then this one. */
const IPV4_MAPPED = /^0:0:0:0:0:ffff:/;

/** IPv6 in its eight groups, each as short as it can be; `::` filled up. */
function ipv6Groups(address: string): string[] {
  // A URL's host is the canonical form: no capitals, no leading zeros, no dots.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  if (tail === undefined) return groups(head);
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
}

/** The last two of eight groups, as IPv4 is written. */
function ipv4In(groups: readonly string[]): string {
  return groups
    .slice(6)
    .map((group) => parseInt(group, 16))
    .flatMap((both) => [both >> 8, both & 0xff])
    .join('.');
}

/**
 * One key for one client: an IPv4 address as it is, also where it is written as IPv6; any other
 * IPv6 address by its /64 network, since a client may choose freely within that. Undefined for what
 * is no address.
 */
export function addressKey(address: string): string | undefined {
  const text = address.trim();
  switch (isIP(text)) {
    case 4:
      return text;
    case 6: {
      const groups = ipv6Groups(text);
      return IPV4_MAPPED.test(groups.join(':'))
        ? ipv4In(groups)
        : groups.slice(0, IPV6_GROUPS).join(':');
    }
    default:
      return undefined;
  }
}
