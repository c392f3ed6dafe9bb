import { decodeBase64 } from '../base64';
import { type Fields } from '../runtime/answer';

/** The payload of a Firebase ID token. Times in epoch seconds; the premium claims are the bridge's. */
export interface Claims extends Fields {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly premiumAccount?: unknown;
  /** Epoch ms. */
  readonly premiumUntil?: unknown;
}

/**
 * Reads the claims without verifying the signature, which the server does: forged claims in the
 * client grant no access. Throws if not a token.
 */
export function readClaims(idToken: string): Claims {
  // The runtime has no TextDecoder; decodeURIComponent decodes percent-encoded UTF-8.
  // Without a payload the cast is wrong and decodeBase64 throws.
  const percent = decodeBase64(idToken.split('.')[1] as string)
    .map((byte) => `%${(byte + 256).toString(16).slice(1)}`)
    .join('');
  // Firebase puts these into every token; sessionOf checks the user.
  return JSON.parse(decodeURIComponent(percent)) as Claims;
}
