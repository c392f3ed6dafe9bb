import { randomInt } from 'node:crypto';

/** A random number of so many decimal digits, without a leading zero. */
export function randomDigits(count: number): string {
  const digits = Array.from({ length: count }, (_, place) => randomInt(place === 0 ? 1 : 0, 10));
  return digits.join('');
}
