/** Uses characters that no credential contains, so that a mask cannot complete one. */
const MASK = '•••';

/** Runs of characters used in codes, tokens, keys and signatures, too long to be a word. */
const CREDENTIAL_LIKE = /[A-Za-z0-9+/=_.%~-]{20,}/g;

/**
 * Masks everything that could be a secret: the given ones, and every run of characters that looks
 * like a code, token or key. For text from elsewhere, such as the message of an unexpected error.
 * Prefers false positives.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets).replace(CREDENTIAL_LIKE, MASK);
}

/** Masks the given secrets only. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  if (!secrets.some((secret) => secret !== '' && text.includes(secret))) return text;
  // Longest first: one secret may contain another.
  const known = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
