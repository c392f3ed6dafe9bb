import { createHmac } from 'node:crypto';

export interface TikiCredentials {
  readonly clientKey: string;
  readonly clientSecret: string;
}

/**
 * Signs one request to Tiki's Open API.
 *
 * The HMAC is taken over the base64url form (no padding) of `timestamp.client_key.content`. A few
 * lines of pseudo code in Tiki's documentation sign the plain payload; its code samples and all
 * published signatures use the encoded one.
 *
 * @param content For POST the body exactly as sent or, in a notification, received; for GET the path
 *   below the base URL with its query, values percent-encoded (`%20` for a space).
 * @param timestampMs Epoch milliseconds, the same value as in `X-Tiniapp-Timestamp`.
 * @returns HMAC-SHA256 in lowercase hex.
 * @see Tiki developer documentation, "Calculate signature"
 */
export function tikiSignature(
  credentials: TikiCredentials,
  timestampMs: number,
  content: string | Uint8Array,
): string {
  const prefix = Buffer.from(`${timestampMs}.${credentials.clientKey}.`);
  // Never decoded: bytes that are not UTF-8 would change.
  const encoded = Buffer.concat([prefix, Buffer.from(content)]).toString('base64url');
  return createHmac('sha256', credentials.clientSecret).update(encoded).digest('hex');
}

/** The headers that every server-to-server request to Tiki carries. */
export function signedHeaders(
  credentials: TikiCredentials,
  timestampMs: number,
  content: string,
): Record<string, string> {
  return {
    'X-Tiniapp-Timestamp': String(timestampMs),
    'X-Tiniapp-Client-Id': credentials.clientKey,
    // The older name of the same header; gateways know one or the other.
    'X-Tiniapp-Client-Key': credentials.clientKey,
    'X-Tiniapp-Signature': tikiSignature(credentials, timestampMs, content),
  };
}
