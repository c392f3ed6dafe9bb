import { decodeBase64 } from '../base64';
import { type Fields } from '../runtime/answer';

/** The payload of a Firebase ID token. Times are epoch seconds; premium is the bridge's. */
export interface Claims extends Fields {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly premiumAccount?: unknown;
  /** Epoch ms. */
  readonly premiumUntil?: unknown;
}

/**
 * Reads the claims without checking the signature: that is the server's business, and a client
 * that lies to itself about them opens nothing. Throws if it is no token.
 */
export function readClaims(idToken: string): Claims {
  // There is no TextDecoder; percent-encoded bytes are UTF-8 to decodeURIComponent.
  // Undefined if it is no token: then decodeBase64 throws.
  const percent = decodeBase64(idToken.split('.')[1] as string)
    .map((byte) => `%${(byte + 256).toString(16).slice(1)}`)
    .join('');
  // What Firebase puts into every token; sessionWith looks whether it is about the right user.
  return JSON.parse(decodeURIComponent(percent)) as Claims;
}
