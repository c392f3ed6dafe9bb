import * as z from 'zod';

/** Up to milliseconds: more digits would be dropped. */
const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|([+-])(\d\d):(\d\d))$/;

/** In minutes: from Baker Island to Kiribati. */
const OFFSETS = { min: -12 * 60, max: 14 * 60 };

function hasRealOffset(text: string): boolean {
  const [, sign, hours = '', minutes = ''] = SHAPE.exec(text) ?? [];
  if (sign === undefined) return true;
  // "-00:00" says that the offset is unknown (RFC 3339).
  if (sign === '-' && hours === '00' && minutes === '00') return false;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return offset >= OFFSETS.min && offset <= OFFSETS.max;
}

/** zod checks the calendar; `Date.parse` alone makes 2 March of 30 February. */
const instantText = z.iso
  .datetime({ offset: true })
  .regex(SHAPE)
  .refine(hasRealOffset)
  .transform((text) => Date.parse(text));

/**
 * The one parser of instants that people write: RFC 3339 with its zone, to the millisecond, such as
 * `2027-01-31T00:00:00+07:00`.
 *
 * @returns epoch ms; undefined for what is not exactly such a time, also for days in no calendar,
 *   24:00, leap seconds, and offsets that no place has
 */
export function parseInstant(text: string): number | undefined {
  return instantText.safeParse(text).data;
}
