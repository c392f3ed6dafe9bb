import { createHmac, hkdfSync } from 'node:crypto';

/** A span of time that is counted in, in epoch ms. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** Every instance finds the same window by itself, so there is nothing to agree on when one ends. */
export function windowAt(now: number, ms: number): Window {
  const start = Math.floor(now / ms) * ms;
  return { start, end: start + ms };
}

/** Twice what it takes that no two addresses ever meet, and still a short name. */
const ID_HEX_DIGITS = 32;

/** The id of the document that counts an address in a window. */
export type DocumentId = (address: string, window: Window) => string;

/**
 * Ids that tell nobody who reads the database whose address it is. A plain hash would: there are
 * few enough IPv4 addresses to try them all. Nor can one address be followed from minute to
 * minute, since the window goes into the hash.
 *
 * @param secret One that all instances have already. What is made of it here is good for nothing
 *   else.
 */
export function documentIds(secret: string): DocumentId {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'rateLimits', 32));
  return (address, { start }) =>
    createHmac('sha256', key).update(`${start} ${address}`).digest('hex').slice(0, ID_HEX_DIGITS);
}
