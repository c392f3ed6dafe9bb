import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Tiki needs to know about a request to sign it or to check its signature. */
export interface SignedContent {
  /** Epoch milliseconds, decimal, exactly as in `X-Tiniapp-Timestamp`. */
  readonly timestamp: string;
  readonly clientKey: string;
  /** POST: the body's bytes as they are on the wire. */
  readonly content: Buffer;
}

/**
 * Tiki's signature: lowercase hex HMAC-SHA256 over base64url, unpadded, of
 * `timestamp.client_key.content`. Written apart from the bridge's own, so that each checks the
 * other. Source: Tiki's developer documentation, "calculate signature".
 */
export function tikiSignature(secret: string, signed: SignedContent): string {
  return hmacHex(secret, payloadBytes(signed).toString('base64url'));
}

/** Compares without telling, through the time it takes, how much of the text was right. */
export function equalInConstantTime(given: string, expected: string): boolean {
  const givenBytes = Buffer.from(given);
  const expectedBytes = Buffer.from(expected);
  return givenBytes.length === expectedBytes.length && timingSafeEqual(givenBytes, expectedBytes);
}

/**
 * Says what a wrong signature was probably made from. These are the mistakes that Tiki's own
 * documentation invites, and "invalid_signature" alone costs a developer an afternoon.
 */
export function explainMismatch(secret: string, signed: SignedContent, given: string): string {
  const payload = payloadBytes(signed);
  const madeFrom = (encoded: string | Buffer) =>
    equalInConstantTime(given, hmacHex(secret, encoded));

  if (equalInConstantTime(given.toLowerCase(), tikiSignature(secret, signed))) {
    return 'signature is upper-case hex; lowercase is asked for';
  }
  if (madeFrom(payload)) {
    return 'signature was made over the payload itself; encode it as base64url first';
  }
  const padded = payload.toString('base64');
  if (madeFrom(padded) || madeFrom(padded.replaceAll('+', '-').replaceAll('/', '_'))) {
    return 'signature was made over padded or plain base64; use base64url without padding';
  }
  const reserialised = serialisedAgain(signed.content);
  if (reserialised && given === tikiSignature(secret, { ...signed, content: reserialised })) {
    return 'signature fits the body serialised another way; sign the very bytes that are sent';
  }
  return 'signature does not fit: another secret, or another body, timestamp or key was signed';
}

function payloadBytes({ timestamp, clientKey, content }: SignedContent): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}.${clientKey}.`), content]);
}

function hmacHex(secret: string, text: string | Buffer): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function serialisedAgain(content: Buffer): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(content.toString('utf8'))));
  } catch {
    return undefined;
  }
}
