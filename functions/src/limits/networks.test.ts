import { networks, parseNetwork } from './networks';

describe('networks', () => {
  const inside = networks(['203.0.113.7', '198.51.100.0/24', '2001:db8::/32', '2001:db9::1']);

  it.each([
    '203.0.113.7',
    ' 203.0.113.7 ',
    '::ffff:203.0.113.7',
    '::FFFF:C633:6401',
    '198.51.100.0',
    '198.51.100.255',
    '2001:db8:ffff::1',
    '2001:DB9:0:0::1',
  ])('contain %s', (address) => {
    expect(inside(address)).toBe(true);
  });

  it.each([
    '203.0.113.8',
    '198.51.101.0',
    '2001:db9::2',
    '::203.0.113.7',
    '64:ff9b::203.0.113.7',
    '',
    'unknown',
    '203.0.113.7:443',
    '198.51.100.0/24',
  ])('do not contain %j', (address) => {
    expect(inside(address)).toBe(false);
  });

  it('match nothing when the list is empty', () => {
    expect(networks([])('203.0.113.7')).toBe(false);
  });

  it('are rejected when one is malformed', () => {
    expect(() => networks(['203.0.113.7', 'x'])).toThrow('Not a network: x');
  });
});

describe('parseNetwork', () => {
  it.each(['203.0.113.7', '203.0.0.0/8', '203.0.113.7/32', '::1', '2001:db8::/16', '::1/128'])(
    'accepts %s',
    (text) => {
      expect(parseNetwork(text)).toBeDefined();
    },
  );

  it.each([
    '1',
    '',
    '/24',
    '203.0.113.0/',
    '203.0.113.0/33',
    '203.0.113.0/-8',
    '203.0.113.0/ 8',
    '203.0.113.0/24/24',
    '2001:db8::/129',
    '[2001:db8::1]',
    // Too wide: these would trust almost any caller.
    '0.0.0.0/0',
    '203.0.0.0/7',
    '::/0',
    '2001::/15',
  ])('rejects %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});
