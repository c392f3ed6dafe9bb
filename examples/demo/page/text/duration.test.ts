import { dayAndTime } from './duration';

/** In the time zone of this machine. */
const AT = new Date(2026, 11, 26, 11, 42, 41).getTime();
const EARLY = new Date(2027, 0, 2, 9, 5, 0).getTime();

describe('a date with its time', () => {
  it('has the time first in Vietnamese, and two digits everywhere', () => {
    expect(dayAndTime(AT, 'vi')).toBe('11:42:41, 26/12/2026');
    expect(dayAndTime(EARLY, 'vi')).toBe('09:05:00, 02/01/2027');
  });

  it('names the month in English', () => {
    expect(dayAndTime(AT, 'en')).toBe('26 Dec 2026, 11:42:41');
  });
});
