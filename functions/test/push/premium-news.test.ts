import type { Entitlement } from '../../src/premium/document';
import { premiumUntilOf } from '../../src/premium/entitlement';
import { DAY_MS, type Purchase } from '../../src/premium/purchase';
import { newsOfChange, newsOfDay } from '../../src/push/premium-news';

const NOW = Date.UTC(2026, 10, 26, 12);

function bought(id: string, days: number, status: Purchase['status'] = 'active'): Purchase {
  return { id, at: NOW - DAY_MS, days, status };
}

function entitlement(version: number, ...purchases: readonly Purchase[]): Entitlement {
  const premiumUntil = premiumUntilOf(purchases) ?? null;
  return { premiumUntil, purchases, updatedAt: NOW, version, projectedVersion: 0, lease: null };
}

const kindOf = (before: Entitlement | undefined, after: Entitlement) =>
  newsOfChange(before, after)?.content.kind;

describe('what a user is told about a change', () => {
  it.each([
    ['a first purchase', undefined, entitlement(1, bought('a', 5)), 'premium-opened'],
    [
      'a purchase after premium had ended',
      entitlement(1, bought('a', 1)),
      entitlement(2, bought('a', 1), bought('b', 5)),
      'premium-opened',
    ],
    [
      'a renewal',
      entitlement(1, bought('a', 5)),
      entitlement(2, bought('a', 5), bought('b', 5)),
      undefined,
    ],
    [
      'a refund',
      entitlement(1, bought('a', 5)),
      entitlement(2, bought('a', 5, 'cancelled')),
      'premium-refunded',
    ],
    [
      'a cancellation before its purchase',
      undefined,
      entitlement(1, bought('a', 5, 'cancelled')),
      undefined,
    ],
    ['a purchase of the past', undefined, entitlement(1, bought('a', 1)), undefined],
    [
      'the same version, with another lease',
      entitlement(1, bought('a', 5)),
      { ...entitlement(1, bought('a', 5)), lease: { holder: 'h', until: NOW } },
      undefined,
    ],
  ] as const)('%s', (_, before, after, kind) => {
    expect(kindOf(before, after)).toBe(kind);
  });

  it('tells after a refund how long other purchases last', () => {
    const before = entitlement(1, bought('a', 5), bought('b', 5));
    const after = entitlement(2, bought('a', 5, 'cancelled'), bought('b', 5));
    expect(newsOfChange(before, after)?.content).toMatchObject({
      kind: 'premium-refunded',
      premiumUntil: after.premiumUntil,
    });
  });
});

describe('what the daily run tells', () => {
  it.each([
    [3 * DAY_MS + 1, undefined],
    [3 * DAY_MS, 'premium-ends-in-3-days'],
    [DAY_MS + 1, 'premium-ends-in-3-days'],
    [DAY_MS, 'premium-ends-in-1-day'],
    [1, 'premium-ends-in-1-day'],
    [0, 'premium-ended'],
    [1 - 2 * DAY_MS, 'premium-ended'],
    [-2 * DAY_MS, undefined],
  ] as const)('%d ms before the end: %s', (left, kind) => {
    expect(newsOfDay(NOW + left, NOW)?.content.kind).toBe(kind);
  });

  it('names each end once', () => {
    const first = newsOfDay(NOW + 2 * DAY_MS, NOW);
    expect(newsOfDay(NOW + 2 * DAY_MS, NOW + DAY_MS / 2)?.id).toBe(first?.id);
    expect(newsOfDay(NOW + 2 * DAY_MS + 1, NOW)?.id).not.toBe(first?.id);
  });
});
