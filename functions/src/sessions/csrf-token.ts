import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing, SessionKey } from './key-ring';

const tokenOf = (sessionId: string, { csrf }: SessionKey): Buffer =>
  createHmac('sha256', csrf).update(sessionId).digest();

/** The CSRF token of a cookie session: a foreign page can neither read nor make it. */
export function csrfToken(sessionId: string, [current]: KeyRing): string {
  return tokenOf(sessionId, current).toString('base64url');
}

/** Whether a token is the session's, also if it was made before the keys were rotated. */
export function isCsrfToken(given: string | undefined, sessionId: string, ring: KeyRing): boolean {
  const token = Buffer.from(given ?? '', 'base64url');
  return ring.some((key) => {
    const expected = tokenOf(sessionId, key);
    return token.length === expected.length && timingSafeEqual(token, expected);
  });
}
