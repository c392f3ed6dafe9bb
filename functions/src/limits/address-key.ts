import { isIP } from 'node:net';

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
 * IPv6 address, because a client can pick any address within it. Undefined if not an address.
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
