import { within } from '../clock';
import { Problem } from '../problem';
import { loadAuthLibrary } from './auth-library';

/** To fetch Google's certificates, which are then kept for hours, ms. */
const CERTIFICATES_MS = 3_000;
/** A token of an account is about 1 KB. */
const MAX_LENGTH = 4_096;
const ISSUERS = ['accounts.google.com', 'https://accounts.google.com'];

/**
 * The verified e-mail address in a Google ID token; undefined for anything that is not a token of
 * Google's for this audience, or that has expired.
 *
 * @throws Problem `upstream-unavailable` if Google's certificates cannot be fetched.
 */
export type VerifyIdToken = (token: string, audience: string) => Promise<string | undefined>;

/** Google's own library, which keeps the certificates for as long as their `Cache-Control` says. */
export async function createIdTokenVerifier(): Promise<VerifyIdToken> {
  const { OAuth2Client } = await loadAuthLibrary();
  const client = new OAuth2Client({ transporterOptions: { timeout: CERTIFICATES_MS } });

  async function certificates() {
    try {
      return await within(CERTIFICATES_MS, client.getFederatedSignonCertsAsync());
    } catch (cause) {
      const operator = { cause: "Google's certificates cannot be fetched" };
      throw new Problem('upstream-unavailable', { cause, operator, retryAfterSeconds: 1 });
    }
  }

  return async (token, audience) => {
    if (token.length > MAX_LENGTH) return undefined;
    const { certs } = await certificates();
    try {
      const ticket = await client.verifySignedJwtWithCertsAsync(token, certs, audience, ISSUERS);
      const { email, email_verified: isVerified } = ticket.getPayload() ?? {};
      return isVerified === true ? email : undefined;
    } catch {
      // The library's messages quote the token.
      return undefined;
    }
  };
}
