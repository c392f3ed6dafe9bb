import type { Measure } from './measures/measure';
import { createResults } from './results';

const first = { name: 'first', unit: 'ms' };
const second = { name: 'second', unit: 'ms' };
const third = { name: 'third', unit: 'ms' };

function measure(name: string, rows: Measure['rows']): Measure {
  return { name, rows, round: () => Promise.resolve(new Map()) };
}
const both = measure('both', [first, second]);
const alone = measure('alone', [third]);

describe('createResults', () => {
  it('has the spread of the figures of all rounds, in the order of the rows', () => {
    const results = createResults([both, alone]);
    results.add(new Map([[third, 7]]));
    for (const figure of [1, 3, 2]) {
      results.add(
        new Map([
          [second, 10 * figure],
          [first, figure],
        ]),
      );
    }
    expect(results.lines('')).toEqual([
      { ...first, measured: { median: 2, min: 1, max: 3, rounds: 3 } },
      { ...second, measured: { median: 20, min: 10, max: 30, rounds: 3 } },
      { ...third, measured: { median: 7, min: 7, max: 7, rounds: 1 } },
    ]);
    expect(results.isComplete()).toBe(true);
  });

  it('is not complete while a row has no figure', () => {
    const results = createResults([both, alone]);
    results.add(new Map([[first, 1]]));
    expect(results.isComplete()).toBe(false);
    expect(results.lines('no time left')[1]).toEqual({ ...second, missing: 'no time left' });
  });

  it("is complete where a measure says why a row can't have a figure", () => {
    const results = createResults([alone]);
    results.add(new Map([[third, 'not installed']]));
    expect(results.isComplete()).toBe(true);
    expect(results.lines('no time left')).toEqual([{ ...third, missing: 'not installed' }]);
  });

  it('keeps the figures of other rounds than the one that failed', () => {
    const results = createResults([both, alone]);
    results.add(new Map([[third, 7]]));
    results.fail(both, new Error('a login was answered with 503'));
    results.fail(alone, new Error('reset'));
    expect(results.lines('no time left')).toEqual([
      { ...first, missing: 'failed, see below' },
      { ...second, missing: 'failed, see below' },
      { ...third, measured: { median: 7, min: 7, max: 7, rounds: 1 } },
    ]);
    expect(results.failures()).toEqual([
      'A round of both failed: a login was answered with 503',
      'A round of alone failed: reset',
    ]);
    expect(results.isComplete()).toBe(false);
  });

  it('is complete in spite of a failed round if all rows have a figure', () => {
    const results = createResults([alone]);
    results.fail(alone, new Error('reset'));
    results.add(new Map([[third, 7]]));
    expect(results.isComplete()).toBe(true);
  });
});
