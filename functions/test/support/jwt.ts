import { createVerify } from 'node:crypto';

export interface DecodedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

const decode = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** The payload of a token, which is not verified. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return decode(token.split('.')[1] ?? '');
}

/** Verifies an RS256 token independently of the product and of Firebase. */
export function verifyRs256(token: string, publicKeyPem: string): DecodedJwt {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  if (!verifier.verify(publicKeyPem, signature, 'base64url')) {
    throw new Error('the signature does not match the key');
  }
  return { header: decode(header), payload: decode(payload) };
}
