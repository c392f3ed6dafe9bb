import { createHmac, timingSafeEqual } from 'node:crypto';

/** The signed parts of a request. */
export interface SignedContent {
  /** Epoch milliseconds, decimal, exactly as in `X-Tiniapp-Timestamp`. */
  readonly timestamp: string;
  readonly clientKey: string;
  /** POST: the exact bytes of the body. */
  readonly content: Buffer;
}

/**
 * Tiki's signature: lowercase hex HMAC-SHA256 over base64url, unpadded, of
 * `timestamp.client_key.content`. Implemented independently of the bridge, so that each verifies the
 * other. Source: Tiki's developer documentation, "calculate signature".
 */
export function tikiSignature(secret: string, signed: SignedContent): string {
  return hmacHex(secret, payloadBytes(signed).toString('base64url'));
}

/** Compares in constant time, so that the duration does not reveal a matching prefix. */
export function equalInConstantTime(given: string, expected: string): boolean {
  const givenBytes = Buffer.from(given);
  const expectedBytes = Buffer.from(expected);
  return givenBytes.length === expectedBytes.length && timingSafeEqual(givenBytes, expectedBytes);
}

/**
 * Explains how a wrong signature was probably computed. Covers the mistakes that Tiki's
 * documentation invites, which are hard to find from "invalid_signature" alone.
 */
export function explainMismatch(secret: string, signed: SignedContent, given: string): string {
  const payload = payloadBytes(signed);
  const isHmacOf = (encoded: string | Buffer) =>
    equalInConstantTime(given, hmacHex(secret, encoded));

  if (equalInConstantTime(given.toLowerCase(), tikiSignature(secret, signed))) {
    return 'signature is uppercase hex; use lowercase';
  }
  if (isHmacOf(payload)) {
    return 'signature was made over the payload itself; encode it as base64url first';
  }
  const padded = payload.toString('base64');
  if (isHmacOf(padded) || isHmacOf(padded.replaceAll('+', '-').replaceAll('/', '_'))) {
    return 'signature was made over padded or standard base64; use base64url without padding';
  }
  const reserialised = reserialise(signed.content);
  if (reserialised && given === tikiSignature(secret, { ...signed, content: reserialised })) {
    return 'signature matches the body serialised differently; sign the exact bytes that are sent';
  }
  return 'signature does not match: another secret, body, timestamp or key was used';
}

function payloadBytes({ timestamp, clientKey, content }: SignedContent): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}.${clientKey}.`), content]);
}

function hmacHex(secret: string, text: string | Buffer): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function reserialise(content: Buffer): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(content.toString('utf8'))));
  } catch {
    return undefined;
  }
}
