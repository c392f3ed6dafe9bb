import fc from 'fast-check';
import { thrown } from '../../test/premium/thrown';
import { areSameClaims, hasPremiumClaims, MAX_CLAIMS_BYTES, withPremium } from './account-claims';

const others = fc
  .dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 })
  .filter((claims) => !hasPremiumClaims(claims) && Buffer.byteLength(JSON.stringify(claims)) < 900);
const until = fc.integer({ min: 1, max: 2 ** 52 });
const leftovers = fc.constantFrom({}, { premiumAccount: 'true' }, { premiumUntil: 1.5 });

describe('withPremium', () => {
  it('keeps all other claims and adds exactly two', () => {
    fc.assert(
      fc.property(others, leftovers, until, (existing, leftover, premiumUntil) => {
        expect(withPremium({ ...existing, ...leftover }, premiumUntil)).toEqual({
          ...existing,
          premiumAccount: true,
          premiumUntil,
        });
        expect(withPremium({ ...existing, ...leftover }, undefined)).toEqual(existing);
      }),
      { numRuns: 1_000 },
    );
  });

  it('counts bytes, not characters', () => {
    const own = JSON.stringify({ x: '', premiumAccount: true, premiumUntil: 1 }).length;
    const room = MAX_CLAIMS_BYTES - own;
    expect(withPremium({ x: 'a'.repeat(room) }, 1)).toHaveProperty('premiumAccount', true);
    expect(() => withPremium({ x: 'a'.repeat(room + 1) }, 1)).toThrow(
      /1001 bytes; the limit is 1000/,
    );
    // 494 UTF-16 code units, far below the limit.
    expect(thrown(() => withPremium({ x: 'ế'.repeat(494) }, 1)).code).toBe('claims-too-large');
  });

  it('removes premium even when the other claims are too large', () => {
    const x = 'a'.repeat(2_000);
    expect(withPremium({ x, premiumAccount: true }, undefined)).toEqual({ x });
  });
});

describe('hasPremiumClaims', () => {
  it.each([
    [{}, false],
    [{ role: 'premiumAccount' }, false],
    [{ premiumAccount: false }, true],
    [{ premiumUntil: null }, true],
  ])('of %j is %p', (claims, expected) => {
    expect(hasPremiumClaims(claims)).toBe(expected);
  });
});

describe('areSameClaims', () => {
  it('compares values and types, and ignores key order', () => {
    expect(areSameClaims({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 })).toBe(true);
    expect(areSameClaims({ a: 1 }, { a: '1' })).toBe(false);
    expect(areSameClaims({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  });
});
