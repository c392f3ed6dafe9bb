import fc from 'fast-check';
import { documentIds, windowAt } from './window';

const MINUTE = 60_000;
const ids = documentIds('canary-secret');

describe('windowAt', () => {
  it('finds the window that a time is in, the same for all times in it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e12 }), (now) => {
        const window = windowAt(now, MINUTE);
        expect(window.start).toBeLessThanOrEqual(now);
        expect(window.end).toBeGreaterThan(now);
        expect(window.end - window.start).toBe(MINUTE);
        expect(windowAt(window.start, MINUTE)).toEqual(window);
        expect(windowAt(window.end - 1, MINUTE)).toEqual(window);
        expect(windowAt(window.end, MINUTE).start).toBe(window.end);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('documentIds', () => {
  const window = windowAt(1_795_305_600_000, MINUTE);

  it('is the same in every instance with the same secret', () => {
    const id = ids('203.0.113.7', window);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(documentIds('canary-secret')('203.0.113.7', window)).toBe(id);
  });

  it('is another for another address, window or secret', () => {
    const all = [
      ids('203.0.113.7', window),
      ids('203.0.113.8', window),
      ids('203.0.113.7', windowAt(window.end, MINUTE)),
      documentIds('canary-secret-2')('203.0.113.7', window),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('never meets that of another address', () => {
    const addresses = fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 2 });
    fc.assert(
      fc.property(addresses, (some) => {
        expect(new Set(some.map((address) => ids(address, window))).size).toBe(some.length);
      }),
    );
  });
});
