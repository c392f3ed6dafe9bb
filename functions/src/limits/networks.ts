import { BlockList, isIP } from 'node:net';

/** Whether an address, as written in a header, is in one of the networks. */
export type Networks = (address: string) => boolean;

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** No proxy needs a wider range, and trusting `0.0.0.0/0` lets every caller forge an address. */
const MIN_BITS = { ipv4: 8, ipv6: 16 } as const;
const MAX_BITS = { ipv4: 32, ipv6: 128 } as const;

function familyOf(address: string): Network['family'] | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`; undefined if malformed or too wide. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const family = familyOf(address);
  if (
    !family ||
    rest.length > 0 ||
    (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length))
  ) {
    return undefined;
  }
  const bits = length === undefined ? MAX_BITS[family] : Number(length);
  if (bits < MIN_BITS[family] || bits > MAX_BITS[family]) return undefined;
  return { address, bits, family };
}

/** IPv4 networks also match IPv4-mapped IPv6 addresses. @throws Error for a malformed network. */
export function networks(prefixes: readonly string[]): Networks {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const network = parseNetwork(prefix);
    if (!network) throw new Error(`Not a network: ${prefix}`);
    list.addSubnet(network.address, network.bits, network.family);
  }
  return (address) => {
    const text = address.trim();
    const family = familyOf(text);
    return family !== undefined && list.check(text, family);
  };
}
