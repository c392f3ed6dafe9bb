import { createHmac, hkdfSync } from 'node:crypto';

/** The span of time that one count covers, in epoch ms. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** Every instance computes the same window, so they need not agree on when one ends. */
export function windowAt(now: number, ms: number): Window {
  const start = Math.floor(now / ms) * ms;
  return { start, end: start + ms };
}

/** 128 bits: no collisions, and still a short name. */
const ID_HEX_DIGITS = 32;

/** The id of the document that counts an address in a window. */
export type DocumentId = (address: string, window: Window) => string;

/**
 * Ids that do not reveal the address to a reader of the database. A plain hash would: there are few
 * enough IPv4 addresses to try them all. Nor can an address be followed from minute to minute, since
 * the window is part of the hash.
 *
 * @param secret One that all instances have already. The key derived from it here has no other use.
 */
export function documentIds(secret: string): DocumentId {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'rateLimits', 32));
  return (address, { start }) =>
    createHmac('sha256', key).update(`${start} ${address}`).digest('hex').slice(0, ID_HEX_DIGITS);
}
