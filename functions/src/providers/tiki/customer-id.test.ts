import fc from 'fast-check';
import { parseLosslessJson } from './outcome';
import { customerIdSchema } from './provider';

const read = (json: string) => customerIdSchema.safeParse(parseLosslessJson(json));

describe('customerIdSchema', () => {
  it('reads every positive int64 from the wire without losing a digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (id) => {
        expect(read(id.toString())).toEqual({ success: true, data: id.toString() });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['1', '9007199254740993', '9223372036854775807'])('takes %s', (id) => {
    expect(read(id)).toEqual({ success: true, data: id });
  });

  it.each([
    '0',
    '-0',
    '-1',
    '1.0',
    '1.5',
    '1e3',
    '1E3',
    '9223372036854775808',
    '18446744073709551615',
    '"123"',
    '""',
    'true',
    'false',
    'null',
    '[1]',
    '{"id":1}',
  ])('refuses %s', (json) => {
    expect(read(json).success).toBe(false);
  });

  it('refuses everything that is not a positive integer, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        fc.pre(typeof value !== 'bigint');
        expect(customerIdSchema.safeParse(value).success).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
