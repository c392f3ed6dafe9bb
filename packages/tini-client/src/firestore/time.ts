import { type Connection } from '../connection';
import { refuse } from './refuse';

/** What Firestore sent for a date that was read: the same instant, to the microsecond. */
const sent = new WeakMap<Date, string>();

/** Not every engine reads more than milliseconds. */
function toDate(text: string): Date {
  return new Date(text.replace(/(\.\d{3})\d+/, '$1'));
}

/**
 * A `Date` has milliseconds, a timestamp microseconds. It remembers them, as long as it is this
 * object: where it is written back, compared with or begun after, it is the instant that was read.
 */
export function decodeTime(value: unknown): Date {
  const text = String(value);
  const date = toDate(text);
  sent.set(date, text);
  return date;
}

/** Whether it is a date that came from Firestore, and no copy of one. */
export function isAsRead(date: Date): boolean {
  return sent.has(date);
}

/** Throws `invalid-argument` for what is no date, or not of the years 1 to 9999. */
export function encodeTime(connection: Connection, date: Date): string {
  const text = sent.get(date);
  // Unless the app has set it to another time since.
  if (text && Number(toDate(text)) === Number(date)) return text;
  // Null if it is none, whatever its type says; other years have a sign.
  const written = date.toJSON();
  if (!/^(?!0000)\d/.test(written)) refuse(connection, 'Date');
  return written;
}
