/** Of characters that no credential has, so that a mask can never complete one. */
const MASK = '•••';

/** Runs of characters that codes, tokens, keys and signatures are made of, too long for a word. */
const CREDENTIAL_LIKE = /[A-Za-z0-9+/=_.%~-]{20,}/g;

/**
 * Takes out of a text whatever could be a secret: the given ones wherever they stand, and every
 * run of characters that looks like a code, token or key. For texts that somebody else wrote, such
 * as the message of an unexpected error. It rather takes too much.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets).replace(CREDENTIAL_LIKE, MASK);
}

/** Masks the given secrets only. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  if (!secrets.some((secret) => secret !== '' && text.includes(secret))) return text;
  // The longest first: where one secret holds another, the whole of it has to go.
  const known = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
