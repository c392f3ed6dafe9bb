import fc from 'fast-check';
import { clientOf } from './client-address';
import { networks, type Networks } from './networks';

const noProxies: Networks = () => false;
const LOAD_BALANCER = '198.51.100.9';
const loadBalancer = networks([LOAD_BALANCER, '2001:db8:9::/48']);
/** As seen behind Firebase Hosting. */
const FRONT_END = '66.102.8.69';

function of(forwardedFor: string | undefined, hostingClient?: string, isTrustedProxy = noProxies) {
  const sender = { forwardedFor, hostingClient, peer: '169.254.1.1' };
  const { address, via } = clientOf(sender, isTrustedProxy);
  return `${address} ${via}`;
}

describe('clientOf', () => {
  it('is the last entry for direct calls, whatever the caller sent', () => {
    fc.assert(
      fc.property(fc.string(), (sent) => {
        expect(of(`${sent}, 203.0.113.7`)).toBe('203.0.113.7 direct');
        expect(of(`${sent},2001:db8::7`)).toBe('2001:db8:0:0 direct');
      }),
      { numRuns: 1000 },
    );
  });

  it('is the last entry but one behind Hosting, whatever the caller sent', () => {
    fc.assert(
      fc.property(fc.string(), (sent) => {
        expect(of(`${sent},203.0.113.7,${FRONT_END}`)).toBe('203.0.113.7 hosting');
        expect(of(`${sent},203.0.113.7, ${FRONT_END}`, '203.0.113.7')).toBe('203.0.113.7 hosting');
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['203.0.113.7,66.249.84.1', '203.0.113.7'],
    ['203.0.113.7, 2001:4860:4801:1::1', '203.0.113.7'],
    ['203.0.113.7,::ffff:66.102.8.69', '203.0.113.7'],
    ['2001:db8::7, 2a00:1450:4001::1', '2001:db8:0:0'],
  ])('recognizes IPv4 and IPv6 front ends in any notation: %s', (header, address) => {
    expect(of(header)).toBe(`${address} hosting`);
  });

  it.each([
    // Owned by Google, but available to Google Cloud customers.
    ['203.0.113.7, 34.87.1.1', '34.87.1.1'],
    ['203.0.113.7, 104.198.56.253', '104.198.56.253'],
    ['203.0.113.7, 2600:1900:4000::1', '2600:1900:4000:0'],
    ['203.0.113.7, 66.102.16.0', '66.102.16.0'],
    // Observed from Google's front end when it does not know the address.
    ['203.0.113.7, 0.0.0.0', '0.0.0.0'],
  ])('is the last entry if that is not a Google service: %s', (header, address) => {
    expect(of(header)).toBe(`${address} direct`);
  });

  it('skips only one front end', () => {
    expect(of(`203.0.113.7, 66.249.84.1, ${FRONT_END}`)).toBe('66.249.84.1 hosting');
  });

  it('compares the two headers of Hosting by their address key', () => {
    expect(of(`2001:db8::7,${FRONT_END}`, '2001:0DB8:0:0:8::9')).toBe('2001:db8:0:0 hosting');
    expect(of(`203.0.113.7,${FRONT_END}`, '::ffff:203.0.113.7')).toBe('203.0.113.7 hosting');
  });

  it.each([
    ['another address', '203.0.113.8'],
    ['several addresses', '203.0.113.7, 203.0.113.8'],
    ['no address', 'unknown'],
    ['an empty value', ''],
  ])("is the front end's address if Fastly-Client-IP has %s", (_, hostingClient) => {
    expect(of(`203.0.113.7,${FRONT_END}`, hostingClient)).toBe(`${FRONT_END} disputed`);
  });

  it.each([FRONT_END, `,${FRONT_END}`, `garbage,${FRONT_END}`, `203.0.113.7, _x, ${FRONT_END}`])(
    "is the front end's address if no address precedes it: %s",
    (header) => {
      expect(of(header)).toBe(`${FRONT_END} disputed`);
    },
  );

  it('ignores Fastly-Client-IP on direct calls, but reports that it looks like Hosting', () => {
    expect(of('203.0.113.7, 203.0.113.8', '203.0.113.7')).toBe('203.0.113.8 unlisted');
    expect(of('203.0.113.7, 203.0.113.8', '203.0.113.9')).toBe('203.0.113.8 direct');
    expect(of('203.0.113.8', '203.0.113.7')).toBe('203.0.113.8 direct');
  });

  it("skips the operator's proxies, but no address sent by a caller", () => {
    fc.assert(
      fc.property(fc.constantFrom('x', '203.0.113.1', LOAD_BALANCER, FRONT_END), (sent) => {
        const behind = (chain: string) => of(`${sent}, ${chain}`, undefined, loadBalancer);
        expect(behind(`203.0.113.7,${LOAD_BALANCER}`)).toBe('203.0.113.7 proxy');
        expect(behind(`203.0.113.7, 2001:db8:9::1 ,${LOAD_BALANCER}`)).toBe('203.0.113.7 proxy');
        // Calls to the function's own URL.
        expect(behind('203.0.113.7')).toBe('203.0.113.7 direct');
        expect(behind(`203.0.113.1, ${LOAD_BALANCER}, 203.0.113.7`)).toBe('203.0.113.7 direct');
      }),
    );
  });

  it.each([
    ['203.0.113.7:51234', '203.0.113.7'],
    ['"203.0.113.7:51234"', '203.0.113.7'],
    ['[2001:db8::7]:51234', '2001:db8:0:0'],
    ['[2001:db8::7]', '2001:db8:0:0'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
  ])('reads an entry as a proxy writes it: %s', (entry, address) => {
    expect(of(entry)).toBe(`${address} direct`);
    expect(of(`${entry}, ${FRONT_END}`, entry)).toBe(`${address} hosting`);
    for (const proxy of [
      LOAD_BALANCER,
      `${LOAD_BALANCER}:443`,
      `::ffff:${LOAD_BALANCER}`,
      '[2001:db8:9::1]:443',
    ]) {
      expect(of(`192.0.2.1, ${entry}, ${proxy}`, undefined, loadBalancer)).toBe(`${address} proxy`);
    }
  });

  it('ignores empty entries', () => {
    expect(of(', 203.0.113.7, ,')).toBe('203.0.113.7 direct');
    expect(of(`203.0.113.7, , ${LOAD_BALANCER},`, undefined, loadBalancer)).toBe(
      '203.0.113.7 proxy',
    );
  });

  it.each(['unknown', '_hidden', '_hidden:443', '"unknown"'])(
    'is unknown where a proxy hides its caller, whatever comes before: %s',
    (entry) => {
      expect(of(`203.0.113.7, ${entry}`)).toBe('unknown direct');
      expect(of(`203.0.113.7, ${entry}, ${LOAD_BALANCER}`, undefined, loadBalancer)).toBe(
        'unknown proxy',
      );
    },
  );

  it('is unknown if a proxy reports no address', () => {
    expect(of(LOAD_BALANCER, undefined, loadBalancer)).toBe('unknown proxy');
    expect(of(`garbage, ${LOAD_BALANCER}`, undefined, loadBalancer)).toBe('unknown proxy');
  });

  it('is the peer without X-Forwarded-For, and unknown for garbage', () => {
    expect(of(undefined)).toBe('169.254.1.1 direct');
    expect(of('')).toBe('unknown direct');
    expect(of('203.0.113.7, garbage')).toBe('unknown direct');
    const sender = { forwardedFor: undefined, hostingClient: undefined, peer: undefined };
    expect(clientOf(sender, noProxies).address).toBe('unknown');
  });

  it('never throws, and returns a key for any header', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (header, second) => {
        expect(of(header, second, loadBalancer)).toMatch(/^[0-9a-z.:]+ [a-z]+$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts the entries', () => {
    const sender = { forwardedFor: 'a, b,c', hostingClient: undefined, peer: undefined };
    expect(clientOf(sender, noProxies).hops).toBe(3);
  });
});
