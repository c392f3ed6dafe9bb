/** A smaller difference is harmless: Tiki refuses timestamps that are minutes old. */
export const TOLERATED_SKEW_MS = 60_000;

/**
 * How far this machine's clock is ahead of a server's, in ms, by the `Date` of its answer.
 *
 * @param sentAt When the request was sent by this machine's clock, epoch ms; `arrivedAt` likewise.
 * @returns Undefined without a `Date` of the form that RFC 9110 wants (IMF-fixdate).
 */
export function clockAhead(
  date: string | null | undefined,
  sentAt: number,
  arrivedAt: number,
): number | undefined {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs) || new Date(theirs).toUTCString() !== date) return undefined;
  // It was written between the two, and has whole seconds.
  return (sentAt + arrivedAt) / 2 - (theirs + 500);
}

function inWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 120) return `${Math.round(minutes / 60)} hours`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** The difference for a sentence about this machine: "10 min 0 s ahead of Tiki". */
export function describeSkew(aheadMs: number): string {
  return `${inWords(aheadMs)} ${aheadMs < 0 ? 'behind' : 'ahead of'} Tiki`;
}
