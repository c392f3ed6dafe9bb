import { createHash, hkdfSync } from 'node:crypto';
import * as z from 'zod';

/** One key of the ring. */
export interface SessionKey {
  /** Names the key in a cookie's header; says nothing about the key itself. */
  readonly kid: string;
  /** 256 bits, for A256GCM. */
  readonly sealing: Uint8Array;
  /** Derived from the same secret, for CSRF tokens. */
  readonly csrf: Uint8Array;
  /** Derived from the same secret, for hand-overs in the database. */
  readonly handOver: Uint8Array;
}

/** The first key seals; all of them open. */
export type KeyRing = readonly [SessionKey, ...SessionKey[]];

/** More than one previous key is rare, and each is tried with every CSRF token. */
const MAX_KEYS = 5;
/** 32 bytes in base64 or base64url, as `openssl rand -base64 32` prints them. */
const KEY = /^[\w+/-]{43}=?$/;

function sessionKey(text: string): SessionKey {
  const secret = Buffer.from(text, 'base64');
  const derived = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
  return {
    kid: createHash('sha256').update(secret).digest('base64url').slice(0, 11),
    sealing: derived('web session cookie'),
    csrf: derived('web session CSRF token'),
    handOver: derived('web session hand-over'),
  };
}

/** The secret `SESSION_KEYS`: one key a line, the current one first. */
export const keyRing = z.string().transform((text, context): KeyRing => {
  const lines = text.split('\n').map((line) => line.trim());
  const [first, ...others] = lines.filter((line) => line !== '');
  if (
    first === undefined ||
    others.length >= MAX_KEYS ||
    ![first, ...others].every((line) => KEY.test(line))
  ) {
    context.addIssue(
      `must have 1 to ${MAX_KEYS} lines with 32 random bytes in base64 each, the current key first`,
    );
    return z.NEVER;
  }
  return [sessionKey(first), ...others.map(sessionKey)];
});
