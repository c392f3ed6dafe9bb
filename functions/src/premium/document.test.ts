import fc from 'fast-check';
import { thrown } from '../../test/premium/thrown';
import { nextVersion, parseDocument, toDocument } from './document';
import type { Purchase } from './purchase';

const UID = 'tiki:1';
const valid = {
  premiumUntil: 86_401_000,
  purchases: {
    'order-1': { at: 1_000, days: 1, status: 'active' },
    gift: { at: 2_000, until: 9_000, status: 'cancelled' },
  },
  updatedAt: 2_000,
  version: 2,
  projectedVersion: 1,
  lease: null,
};

describe('parseDocument', () => {
  it('reads purchases with their ids', () => {
    expect(parseDocument(UID, valid)).toEqual({
      ...valid,
      purchases: [
        { id: 'order-1', at: 1_000, days: 1, status: 'active' },
        { id: 'gift', at: 2_000, until: 9_000, status: 'cancelled' },
      ],
    });
  });

  it('accepts a document without purchases, and one with a lease', () => {
    const lease = { holder: 'a', until: 5 };
    const stored = { ...valid, premiumUntil: null, purchases: {}, lease };
    expect(parseDocument(UID, stored)).toEqual({ ...stored, purchases: [] });
  });

  it.each<[string, unknown]>([
    ['the document', undefined],
    ['the document', 'text'],
    ['premiumUntil', { ...valid, premiumUntil: '86401000' }],
    ['premiumUntil', { ...valid, premiumUntil: 1.5 }],
    ['premiumUntil', { ...valid, premiumUntil: true }],
    ['premiumUntil', { ...valid, premiumUntil: undefined }],
    ['premiumUntil', { ...valid, premiumUntil: -1 }],
    ['version', { ...valid, version: 0 }],
    ['version', { ...valid, version: '2' }],
    ['projectedVersion', { ...valid, projectedVersion: -1 }],
    ['updatedAt', { ...valid, updatedAt: new Date(0) }],
    ['lease', { ...valid, lease: undefined }],
    ['lease.until', { ...valid, lease: { holder: 'a' } }],
    ['purchases', { ...valid, purchases: [] }],
    ['purchases.order-1', { ...valid, purchases: { 'order-1': { at: 1, status: 'active' } } }],
    ['purchases.a', { ...valid, purchases: { a: { at: 1, days: 0, status: 'active' } } }],
    ['purchases.a', { ...valid, purchases: { a: { at: 1, days: 1, status: 'paid' } } }],
    ['purchases.a', { ...valid, purchases: { a: { at: 1, days: 1, until: 2, status: 'active' } } }],
    ['purchases.__a__', { ...valid, purchases: { __a__: { at: 1, days: 1, status: 'active' } } }],
  ])('rejects an invalid %s, and names it', (field, content) => {
    const { code, message } = thrown(() => parseDocument(UID, content));
    expect(code).toBe('malformed-document');
    expect(message).toContain(`${UID} is malformed: ${field}`);
  });

  it('rejects more than the maximum number of purchases', () => {
    const one = { at: 1, days: 1, status: 'active' };
    const purchases = Object.fromEntries(Array.from({ length: 1_001 }, (_, id) => [id, one]));
    expect(() => parseDocument(UID, { ...valid, purchases })).toThrow(/malformed: purchases\./);
  });

  it('does not quote the values it rejects', () => {
    const canary = { ...valid, version: 'canary', purchases: { a: { status: 'canary' } } };
    expect(() => parseDocument(UID, canary)).not.toThrow(/canary/);
    expect(() => parseDocument(UID, canary)).toThrow(/malformed/);
  });
});

describe('toDocument', () => {
  it('round-trips through parseDocument', () => {
    const stamp = fc.integer({ min: 0, max: 2_000_000_000_000 });
    const purchase: fc.Arbitrary<Purchase> = fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,20}$/),
      at: stamp,
      days: fc.integer({ min: 1, max: 3_660 }),
      status: fc.constantFrom('active', 'cancelled'),
    });
    const list = fc.uniqueArray(purchase, { selector: ({ id }) => id });
    fc.assert(
      fc.property(list, stamp, (purchases, now) => {
        const { purchases: read, ...rest } = nextVersion(undefined, purchases, now);
        const back = parseDocument(UID, toDocument({ ...rest, purchases: read }));
        expect(back).toEqual({ ...rest, purchases: expect.arrayContaining([...read]) as unknown });
        expect(back.purchases).toHaveLength(purchases.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('nextVersion', () => {
  it('increments the version and keeps the lease', () => {
    const lease = { holder: 'a', until: 5 };
    const before = parseDocument(UID, { ...valid, lease });
    expect(nextVersion(before, [], 7_000)).toEqual({
      premiumUntil: null,
      purchases: [],
      updatedAt: 7_000,
      version: 3,
      projectedVersion: 1,
      lease,
    });
  });
});
