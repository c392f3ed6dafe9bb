import { isLeased, nextVersion, type Entitlement } from './document';
import { LEASE_MS, releaseLease, settle, takeLease } from './lease';

const NOW = 1_000_000;
const base: Entitlement = nextVersion(undefined, [], NOW);
const held = (holder: string, until = NOW + 1): Entitlement => ({
  ...base,
  version: 5,
  projectedVersion: 3,
  lease: { holder, until },
});
const free: Entitlement = { ...held('x'), lease: null };
const lease = { holder: 'me', until: NOW + LEASE_MS };

describe('takeLease', () => {
  it('takes a lease that is free or expired', () => {
    const taken = { ...free, lease };
    for (const stored of [free, held('other', NOW)]) {
      expect(takeLease(stored, NOW, { version: 5, holder: 'me' })).toEqual({
        write: taken,
        result: { state: 'taken', entitlement: taken, now: NOW },
      });
    }
  });

  it('does not take a lease held by another', () => {
    expect(isLeased(held('other'), NOW)).toBe(true);
    expect(takeLease(held('other'), NOW, { version: 5, holder: 'me' })).toEqual({
      result: { state: 'busy' },
    });
  });

  it('takes no lease when the version is on the account, unless a write is forced', () => {
    const current = { result: { state: 'current' } };
    expect(takeLease(free, NOW, { version: 3, holder: 'me' })).toEqual(current);
    expect(takeLease(held('other'), NOW, { version: 3, holder: 'me' })).toEqual(current);
    expect(takeLease(free, NOW, { version: 'always', holder: 'me' }).result.state).toBe('taken');
  });
});

describe('settle', () => {
  it('releases the lease when the document is unchanged', () => {
    expect(settle(held('me'), NOW, { holder: 'me', written: 5 })).toEqual({
      write: { ...held('me'), projectedVersion: 5, lease: null },
      result: { state: 'done' },
    });
  });

  it('renews the lease when the document changed, and records only what was written', () => {
    const renewed = { ...held('me'), projectedVersion: 4, lease };
    expect(settle(held('me'), NOW, { holder: 'me', written: 4 })).toEqual({
      write: renewed,
      result: { state: 'moved', entitlement: renewed, now: NOW },
    });
  });

  it.each([
    ['held by another', held('other')],
    ['not held', free],
    ['document deleted', undefined],
  ])('writes nothing when the lease was lost: %s', (_, stored) => {
    for (const written of [4, 5]) {
      expect(settle(stored, NOW, { holder: 'me', written })).toEqual({
        result: { state: 'lost' },
      });
    }
  });
});

describe('releaseLease', () => {
  it('releases only its own lease', () => {
    expect(releaseLease(held('me'), 'me')).toEqual({ write: free, result: { state: 'done' } });
    expect(releaseLease(held('other'), 'me')).toEqual({ result: { state: 'lost' } });
    expect(releaseLease(undefined, 'me')).toEqual({ result: { state: 'lost' } });
  });
});
