import { median, percentile, spread } from './statistics';

describe('percentile', () => {
  it('is the value at the nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
  });

  it('of few values is their greatest', () => {
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
  });

  it('does not exist for nothing', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('median', () => {
  it('is the middle value of an odd number', () => {
    expect(median([10, 1, 2])).toBe(2);
  });

  it('is between the two middle values of an even number', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });
});

it('spread says how far the rounds lie apart', () => {
  expect(spread([2, 1, 4])).toEqual({ median: 2, min: 1, max: 4, rounds: 3 });
});
