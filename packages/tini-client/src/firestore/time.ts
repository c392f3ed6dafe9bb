import { type Connection } from '../connection';
import { refuse } from './refuse';

/** The text that Firestore sent for a date, with microseconds. */
const originals = new WeakMap<Date, string>();

/** Some engines cannot parse more than milliseconds. */
function toDate(text: string): Date {
  return new Date(text.replace(/(\.\d{3})\d+/, '$1'));
}

/**
 * A `Date` has milliseconds, a timestamp microseconds. The original text is kept for this very
 * object, so that writes, comparisons and cursors use the exact instant that was read. Throws if not
 * a timestamp.
 */
export function decodeTime(value: unknown): Date {
  const text = String(value);
  const date = toDate(text);
  if (Number.isNaN(Number(date))) throw new Error(text);
  originals.set(date, text);
  return date;
}

/** Throws `invalid-argument` for an invalid date, or one outside the years 1 to 9999. */
export function encodeTime(connection: Connection, date: Date): string {
  const text = originals.get(date);
  // Unless the app has changed it since.
  if (text && Number(toDate(text)) === Number(date)) return text;
  // Null for an invalid date; years outside 0000 to 9999 have a sign.
  const written = date.toJSON();
  if (!/^(?!0000)\d/.test(written)) refuse(connection, 'Date');
  return written;
}
