import { nextVersion, type Entitlement } from './document';
import { driftOf } from './drift';
import { DAY_MS, type Purchase } from './purchase';

const NOW = 1_000_000_000_000;
const UNTIL = NOW + DAY_MS;
const bought: Purchase = { id: 'a', at: NOW, days: 1, status: 'active' };
const premium: Entitlement = { ...nextVersion(undefined, [bought], NOW), projectedVersion: 1 };
const refunded: Entitlement = {
  ...nextVersion(undefined, [{ ...bought, status: 'cancelled' }], NOW),
  projectedVersion: 1,
};
const account = (claims: object) => ({ uid: 'tiki:1', claims: { ...claims } });
const claims = { premiumAccount: true, premiumUntil: UNTIL };

describe('driftOf', () => {
  it.each([
    ['premium on both sides', premium, account({ role: 'x', ...claims }), NOW],
    ['premium on neither', refunded, account({ role: 'x' }), NOW],
    ['nothing on either', undefined, undefined, NOW],
    ['a refund for a user who never signed in', refunded, undefined, NOW],
    ['a premium user whose account was deleted', premium, undefined, NOW],
    ['the same, before it was first written', { ...premium, projectedVersion: 0 }, undefined, NOW],
    ['an expiry on both sides', premium, account({}), UNTIL],
  ])('finds no drift with %s', (_, stored, found, now) => {
    expect(driftOf(stored, found, now)).toBeUndefined();
  });

  it.each([
    ['claims-missing', premium, account({}), NOW],
    ['claims-stale', premium, account({ ...claims, premiumUntil: UNTIL + 1 }), NOW],
    ['claims-stale', premium, account({ ...claims, premiumUntil: String(UNTIL) }), NOW],
    ['claims-stale', premium, account({ ...claims, premiumAccount: 'true' }), NOW],
    ['claims-stale', premium, account({ premiumUntil: UNTIL }), NOW],
    ['claims-extra', premium, account(claims), UNTIL],
    ['claims-extra', refunded, account(claims), NOW],
    ['claims-extra', refunded, account({ premiumAccount: false }), NOW],
    ['claims-extra', undefined, account(claims), NOW],
    ['document-stale', { ...premium, premiumUntil: UNTIL + 1 }, account(claims), NOW],
    ['document-stale', { ...refunded, premiumUntil: UNTIL }, account(claims), NOW],
    ['projection-unfinished', { ...premium, projectedVersion: 0 }, account(claims), NOW],
  ])('finds %s', (kind, stored, found, now) => {
    expect(driftOf(stored, found, now)).toBe(kind);
  });

  it('checks the mirror if there is one', () => {
    const found = account(claims);
    expect(driftOf(premium, found, NOW, UNTIL)).toBeUndefined();
    expect(driftOf(premium, found, NOW, null)).toBe('mirror-stale');
    expect(driftOf(premium, found, NOW, String(UNTIL))).toBe('mirror-stale');
    expect(driftOf(refunded, undefined, NOW, null)).toBeUndefined();
    expect(driftOf(refunded, undefined, NOW, UNTIL)).toBe('mirror-stale');
  });

  it('ignores a user while a lease is held, until it expires', () => {
    const leased = { ...premium, lease: { holder: 'a', until: NOW + 1 } };
    expect(driftOf(leased, account({}), NOW)).toBeUndefined();
    expect(driftOf(leased, account({}), NOW + 1)).toBe('claims-missing');
  });
});
