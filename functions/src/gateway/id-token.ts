import * as z from 'zod';

/** Three parts of base64url; the last, the signature, is empty in the Auth emulator's tokens. */
const JWT = /^[\w-]{1,8192}\.([\w-]{1,8192})\.[\w-]{0,8192}$/;

const claims = z.object({ iss: z.string() });

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether a text is an ID token of this project's by its own account. Signature, lifetime and user
 * are left to Firestore, which decides by them. What is kept away from it are the credentials that
 * go past the security rules: access tokens of Google's, tokens that a service account signs for
 * itself (both name somebody else in `iss`, or nobody), and the emulators' `owner`.
 *
 * Source of the issuer: https://firebase.google.com/docs/auth/admin/verify-id-tokens, "Verify ID
 * tokens using a third-party JWT library"; the Auth emulator names the same one.
 */
export function isIdTokenOf(projectId: string, token: string): boolean {
  const payload = JWT.exec(token)?.[1];
  if (payload === undefined) return false;
  const parsed = claims.safeParse(readJson(Buffer.from(payload, 'base64url').toString()));
  return parsed.data?.iss === `https://securetoken.google.com/${projectId}`;
}
