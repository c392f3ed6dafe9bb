/** Letters and digits, then both alphabets' own: the last two characters are the URL-safe forms of the two before them. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';

/** The runtime has no `btoa`. With padding, as Firestore requires. */
export function encodeBase64(bytes: Iterable<number>): string {
  let text = '';
  let bits = 0;
  /** How many of the last bits are not in the text yet. */
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += ALPHABET.charAt((bits >> count) & 63);
    }
  }
  if (count > 0) text += ALPHABET.charAt((bits << (6 - count)) & 63);
  while (text.length % 4 > 0) text += '=';
  return text;
}

/** Takes base64 or base64url without padding. */
export function decodeBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const char of text) {
    const at = ALPHABET.indexOf(char);
    bits = (bits << 6) | (at > 63 ? at - 2 : at);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return bytes;
}
