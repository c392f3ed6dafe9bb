import fc from 'fast-check';
import { addressKey, clientAddress } from './clientAddress';

describe('addressKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0db8:0000:0001::', '2001:db8:0:1'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('makes of %s the key %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each(['', 'unknown', '1.2.3', '203.0.113.7:443', '[::1]', 'a'.repeat(1000)])(
    'finds no address in %j',
    (text) => {
      expect(addressKey(text)).toBeUndefined();
    },
  );

  it('gives all addresses of one IPv6 network the same key', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!address.includes('.'));
        const key = addressKey(address);
        expect(key).toMatch(/^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}$/);
        expect(addressKey(`${String(key)}:1:2:3:4`)).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('clientAddress', () => {
  it('is what Google has appended, whatever the caller sent', () => {
    fc.assert(
      fc.property(fc.string(), (sent) => {
        expect(clientAddress(`${sent}, 203.0.113.7`, '127.0.0.1', 0)).toBe('203.0.113.7');
        expect(clientAddress(`${sent},203.0.113.7, 198.51.100.1`, '127.0.0.1', 1)).toBe(
          '203.0.113.7',
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is the peer where nobody forwards', () => {
    expect(clientAddress(undefined, '127.0.0.1', 0)).toBe('127.0.0.1');
    expect(clientAddress(undefined, undefined, 0)).toBe('unknown');
  });

  it('is unknown where the chain is shorter than it should be', () => {
    expect(clientAddress('203.0.113.7', '127.0.0.1', 1)).toBe('unknown');
    expect(clientAddress('', '127.0.0.1', 0)).toBe('unknown');
  });
});
