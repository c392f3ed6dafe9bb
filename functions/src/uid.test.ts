import fc from 'fast-check';
import { uidOf } from './uid';

const int64 = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);

describe('uidOf', () => {
  it('is the id behind a prefix, within what Firebase takes as a uid', () => {
    fc.assert(
      fc.property(int64, (id) => {
        const uid = uidOf('tiki:', id);
        expect(uid).toBe(`tiki:${id}`);
        expect(uid.length).toBeLessThanOrEqual(128);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives two customers two uids', () => {
    fc.assert(
      fc.property(int64, int64, (one, other) => {
        expect(uidOf('tiki:', one) === uidOf('tiki:', other)).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', '0', '-1', '+1', '01', ' 1', '1 ', '1.0', '1e3', '0x1', '１', 'undefined', 'NaN'])(
    'refuses %j',
    (id) => {
      expect(() => uidOf('tiki:', id)).toThrow(RangeError);
    },
  );

  it.each(['9223372036854775808', '10000000000000000000'])('refuses %s, beyond int64', (id) => {
    expect(() => uidOf('tiki:', id)).toThrow(RangeError);
  });

  it('refuses every string that is not a canonical decimal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/^[1-9][0-9]{0,18}$/.test(text));
        expect(() => uidOf('tiki:', text)).toThrow(RangeError);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not quote what it refuses', () => {
    expect(() => uidOf('tiki:', 'canary-value')).toThrow('must be a positive int64');
    expect(() => uidOf('tiki:', 'canary-value')).not.toThrow(/canary/);
  });
});
