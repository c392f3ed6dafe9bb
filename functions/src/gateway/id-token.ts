import * as z from 'zod';
import { readJson } from '../upstream/read-json';

/** Three base64url parts; the signature is empty in the Auth emulator's tokens. */
const JWT = /^[\w-]{1,8192}\.([\w-]{1,8192})\.[\w-]{0,8192}$/;

const claims = z.object({ iss: z.string() });

/**
 * Whether a text claims to be an ID token of this project. Firestore verifies signature, expiry and
 * user. This check keeps out credentials that bypass the security rules: Google access tokens,
 * self-signed service-account tokens (both have another `iss`, or none), and the emulators' `owner`.
 *
 * Source of the issuer: https://firebase.google.com/docs/auth/admin/verify-id-tokens, "Verify ID
 * tokens using a third-party JWT library"; the Auth emulator uses the same.
 */
export function isIdTokenOf(projectId: string, token: string): boolean {
  const payload = JWT.exec(token)?.[1];
  if (payload === undefined) return false;
  const parsed = claims.safeParse(readJson(Buffer.from(payload, 'base64url').toString()));
  return parsed.data?.iss === `https://securetoken.google.com/${projectId}`;
}
