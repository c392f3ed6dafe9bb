import { createPrivateKey, createPublicKey } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import type { AccessTokens } from './access-tokens';
import { type Answer, jsonAnswer, type LoopbackFake, startLoopbackFake } from './loopback-fake';
import type { ServiceAccount } from './service-account';

export const OAUTH_HOST = 'oauth2.googleapis.com';
/** Of the older address, which google-auth-library 9 asks with a key file; and of Google's certificates. */
export const LEGACY_OAUTH_HOST = 'www.googleapis.com';

const TOKEN_PATHS = ['/token', '/oauth2/v4/token'];
const TOKEN_URLS = [`https://${OAUTH_HOST}/token`, `https://${LEGACY_OAUTH_HOST}/oauth2/v4/token`];
/** https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken */
const CERTIFICATES_PATH = '/oauth2/v1/certs';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const REFRESH_TOKEN = 'refresh_token';
const UNREASONABLE_TIMES =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

/** The file written by `gcloud auth application-default login`, for a user known to this fake. */
export const USER_CREDENTIALS = {
  type: 'authorized_user',
  client_id: 'fake-client-id.apps.googleusercontent.com',
  client_secret: 'fake-client-secret',
  refresh_token: '1//fake-refresh-token',
} as const;
const USER = 'developer@example.com';

/**
 * Serves `POST /token` over TLS: exchanges an assertion signed with a service account's key, or a
 * user's refresh token, for an access token. ID tokens are signed with the key of their account, so
 * `GET /oauth2/v1/certs` has the keys of all accounts.
 * https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function startOauthToken(options: {
  readonly accounts: ReadonlyMap<string, ServiceAccount>;
  readonly tokens: AccessTokens;
  readonly now: () => number;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<'unavailable'>> {
  return startLoopbackFake<'unavailable'>({
    tls: options.tls,
    async answer({ method, url, body }, fault) {
      if (fault) return jsonAnswer(503, { error: 'temporarily_unavailable' });
      if (method === 'GET' && url.pathname === CERTIFICATES_PATH) {
        const keys = [...options.accounts.values()].map((it) => [it.keyId, it.publicKeyPem]);
        const answer = jsonAnswer(200, Object.fromEntries(keys));
        return { ...answer, headers: { ...answer.headers, 'Cache-Control': 'max-age=3600' } };
      }
      if (method !== 'POST' || !TOKEN_PATHS.includes(url.pathname)) {
        return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
      }
      const form = new URLSearchParams(body);
      if (form.get('grant_type') === REFRESH_TOKEN) {
        return form.get('refresh_token') === USER_CREDENTIALS.refresh_token
          ? jsonAnswer(200, options.tokens.issue(USER))
          : refusal('invalid_grant', 'Bad Request');
      }
      if (form.get('grant_type') !== JWT_BEARER) {
        return refusal(
          'unsupported_grant_type',
          `Invalid grant_type: ${form.get('grant_type') ?? ''}`,
        );
      }
      return exchange(form.get('assertion') ?? '');
    },
  });

  async function exchange(assertion: string): Promise<Answer> {
    try {
      const account = options.accounts.get(decodeJwt(assertion).iss ?? '');
      if (!account) return refusal('invalid_grant', 'Invalid grant: account not found');
      const { payload } = await jwtVerify(assertion, createPublicKey(account.publicKeyPem), {
        algorithms: ['RS256'],
        audience: TOKEN_URLS,
        requiredClaims: ['iat', 'exp'],
        maxTokenAge: '1h',
        clockTolerance: 60,
        currentDate: new Date(options.now()),
      });
      if ((payload.exp ?? 0) - (payload.iat ?? 0) > 3600) {
        return refusal('invalid_grant', UNREASONABLE_TIMES);
      }
      // An ID token instead: https://cloud.google.com/docs/authentication/get-id-token
      const { target_audience: audience } = payload;
      if (typeof audience === 'string') {
        return jsonAnswer(200, { id_token: await idToken(audience, account) });
      }
      return jsonAnswer(200, options.tokens.issue(account.email));
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) {
        return refusal('invalid_grant', 'Invalid JWT Signature.');
      }
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
        return error.claim === 'aud'
          ? refusal('invalid_grant', 'Invalid JWT: Failed audience check.')
          : refusal('invalid_grant', UNREASONABLE_TIMES);
      }
      if (error instanceof errors.JOSEError) return refusal('invalid_grant', 'Bad Request');
      throw error;
    }
  }
}

/** Signed with the account's key instead of Google's. */
function idToken(audience: string, { email, uniqueId, keyId, privateKeyPem }: ServiceAccount) {
  return new SignJWT({ email, email_verified: true, azp: email })
    .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
    .setIssuer('https://accounts.google.com')
    .setSubject(uniqueId)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(createPrivateKey(privateKeyPem));
}

/** RFC 6749, 5.2. */
function refusal(error: string, description: string): Answer {
  return jsonAnswer(400, { error, error_description: description });
}
