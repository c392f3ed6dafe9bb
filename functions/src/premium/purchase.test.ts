import { thrown } from '../../test/premium/thrown';
import { DAY_MS, MAX_DAYS, MAX_INSTANT, requireValidPurchase, type Purchase } from './purchase';

const AT = 1_700_000_000_000;
const bought: Purchase = { id: 'order-1', at: AT, days: 30, status: 'active' };

describe('requireValidPurchase', () => {
  it.each<[string, Purchase]>([
    ['one day', { ...bought, days: 1 }],
    ['the most days', { ...bought, days: MAX_DAYS }],
    ['the shortest end', { id: 'a', at: AT, until: AT + 1, status: 'active' }],
    ['the longest end', { id: 'a', at: AT, until: AT + MAX_DAYS * DAY_MS, status: 'active' }],
    ['an id with every allowed character', { ...bought, id: 'Az09_.:-' }],
    ['the longest id', { ...bought, id: 'a'.repeat(100) }],
  ])('accepts %s', (_, purchase) => {
    expect(() => {
      requireValidPurchase(purchase);
    }).not.toThrow();
  });

  it.each<[string, Purchase]>([
    ['days', { ...bought, days: 0 }],
    ['days', { ...bought, days: -1 }],
    ['days', { ...bought, days: MAX_DAYS + 1 }],
    ['days', { ...bought, days: 1e300 }],
    ['days', { ...bought, days: 1.5 }],
    ['days', { ...bought, days: NaN }],
    ['days', { ...bought, days: Infinity }],
    ['at', { ...bought, at: -1 }],
    ['at', { ...bought, at: MAX_INSTANT + 1 }],
    ['at', { ...bought, at: 0.5 }],
    ['id', { ...bought, id: '' }],
    ['id', { ...bought, id: 'a'.repeat(101) }],
    ['id', { ...bought, id: '__proto__' }],
    ['id', { ...bought, id: 'a/b' }],
    ['id', { ...bought, id: 'đơn' }],
    ['until', { id: 'a', at: AT, until: AT, status: 'active' }],
    ['until', { id: 'a', at: AT, until: AT + MAX_DAYS * DAY_MS + 1, status: 'active' }],
    ['until', { id: 'a', at: AT, until: AT + 0.5, status: 'active' }],
    ['until', { id: 'a', at: MAX_INSTANT, until: MAX_INSTANT + 1, status: 'active' }],
  ])('rejects an invalid %s: %j', (field, purchase) => {
    const { code, message } = thrown(() => {
      requireValidPurchase(purchase);
    });
    expect(code).toBe('invalid-purchase');
    expect(message).toMatch(new RegExp(`^${field} must`));
  });

  it('names every invalid field', () => {
    expect(() => {
      requireValidPurchase({ ...bought, id: '', days: 0, at: -1 });
    }).toThrow(/^id .*; at .*; days /);
  });

  it('rejects days together with an end', () => {
    const both = { ...bought, until: AT + 1 };
    const { code } = thrown(() => {
      requireValidPurchase(both);
    });
    expect(code).toBe('invalid-purchase');
  });
});
