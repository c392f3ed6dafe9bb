import fc from 'fast-check';
import { parseLosslessJson } from './outcome';

/** A number that JSON writes with a point or an exponent, so no integer of any size. */
const fraction = fc
  .double({ noDefaultInfinity: true, noNaN: true })
  .filter((number) => /[.e]/.test(JSON.stringify(number)));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

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
    const values = [fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fraction];
    fc.assert(
      fc.property(fc.anything({ values }), (value) => {
        const text = JSON.stringify(value);
        expect(parseLosslessJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    // Digits become letters: numbers are then no JSON, and keys may come to stand twice.
    const broken = fc.jsonValue().map((value) => JSON.stringify(value).replace(/\d/g, 'x'));
    fc.assert(
      fc.property(broken, (text) => {
        fc.pre(!isJson(text));
        expect(() => parseLosslessJson(text)).toThrow(SyntaxError);
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
