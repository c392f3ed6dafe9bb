import { ALPHABET } from './base64';

declare const crypto: { getRandomValues?(bytes: Uint8Array): Uint8Array } | undefined;

/**
 * The runtime that Tiki documents has no `crypto`; there, ids are unique but can be guessed. Some
 * engines seed Math.random with the time of their start, so each byte also gets other bits of the
 * current time.
 */
function randomByte(at: number): number {
  const byte = new Uint8Array(1);
  if (typeof crypto === 'object' && crypto.getRandomValues) crypto.getRandomValues(byte);
  else byte[0] = Math.random() * 256 + Date.now() / 2 ** at;
  return byte[0] || 0;
}

/** A document id as Firebase's SDK makes them: 20 letters and digits, all equally likely. */
export function autoId(): string {
  let id = '';
  while (id.length < 20) {
    const byte = randomByte(id.length);
    // The largest multiple of 62 in a byte.
    if (byte < 248) id += ALPHABET.charAt(byte % 62);
  }
  return id;
}
