import fc from 'fast-check';
import { parseLosslessJson } from './losslessJson';

describe('parseLosslessJson', () => {
  it('keeps every digit of any integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (id) => {
        expect(parseLosslessJson(`{"id": ${id}}`)).toEqual({ id });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['1.0', '1e3', '1E+3', '-0.5'])('does not take %s for an integer', (text) => {
    expect(typeof parseLosslessJson(text)).toBe('number');
  });

  it('agrees with JSON.parse on everything that has no integers', () => {
    const withoutNumbers = fc.jsonValue().map((value) => JSON.stringify(value).replace(/\d/g, 'x'));
    fc.assert(
      fc.property(withoutNumbers, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseLosslessJson(text)).toThrow(SyntaxError);
          return;
        }
        expect(parseLosslessJson(text)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a key that stands twice with different values', () => {
    expect(() => parseLosslessJson('{"id":1,"id":2}')).toThrow(SyntaxError);
  });

  it('gives no object a prototype from the input', () => {
    const parsed = parseLosslessJson('{"__proto__": {"customer": {"id": 1}}}');
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(parsed).not.toHaveProperty('customer');
  });
});
