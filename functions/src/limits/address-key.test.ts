import fc from 'fast-check';
import { addressKey } from './client-address';

describe('addressKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['0000:0000:0000:0000:0000:ffff:cb00:7107', '203.0.113.7'],
    ['::ffff:0.0.0.0', '0.0.0.0'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
    ['2001:DB8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0db8:0000:0001::', '2001:db8:0:1'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    // As proxies write them.
    ['203.0.113.7:443', '203.0.113.7'],
    ['203.0.113.7:_hidden', '203.0.113.7'],
    [' "203.0.113.7:443" ', '203.0.113.7'],
    ['[203.0.113.7]:443', '203.0.113.7'],
    ['[2001:db8::1]', '2001:db8:0:0'],
    ['[2001:db8::1]:443', '2001:db8:0:0'],
    ['"[2001:db8::1]:443"', '2001:db8:0:0'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['[::ffff:cb00:7107]', '203.0.113.7'],
    ['::ffff:0102:0304', '1.2.3.4'],
  ])('maps %s to %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '"',
    '""',
    '[]',
    '[]:443',
    '[unknown]:443',
    '1.2.3',
    '1.2.3:443',
    '203.0.113.7:',
    '203.0.113.7:http',
    '203.0.113.7:443:443',
    '203.0.113.007',
    '[2001:db8::1',
    '2001:db8::1]',
    '[[2001:db8::1]]',
    '[2001:db8::1]443',
    'for=203.0.113.7',
    'a'.repeat(1000),
    '['.repeat(1000),
  ])('finds no address in %j', (text) => {
    expect(addressKey(text)).toBeUndefined();
  });

  it('does not depend on how a proxy writes an address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (address, port) => {
        const key = addressKey(address);
        for (const written of [`[${address}]`, `[${address}]:${port}`, `"[${address}]:${port}"`]) {
          expect(addressKey(written)).toBe(key);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives all addresses of one IPv6 network the same key', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const key = addressKey(address);
        fc.pre(!key?.includes('.'));
        expect(key).toMatch(/^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}$/);
        expect(addressKey(`${String(key)}:1:2:3:4`)).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('addressKey of an IPv4 address', () => {
  it('is the address, also when IPv4-mapped', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(addressKey(`::ffff:${address}`)).toBe(address);
        const { hostname } = new URL(`http://[::ffff:${address}]`);
        expect(addressKey(hostname.slice(1, -1))).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });
});
