import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { AccessTokens } from './access-tokens';
import {
  accountUnknown,
  IAM_FAULTS,
  type IamFault,
  invalidArgument,
  invalidCredential,
  missingCredential,
} from './iam-errors';
import { type Answer, jsonAnswer, type LoopbackFake, startLoopbackFake } from './loopback-fake';
import type { ServiceAccount } from './service-account';

export const IAM_CREDENTIALS_HOST = 'iamcredentials.googleapis.com';

const METHOD =
  /^\/v1\/projects\/([^/]+)\/serviceAccounts\/([^/:]+):(signBlob|signJwt|generateAccessToken|generateIdToken)$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

const payloadBody = z.object({ payload: z.string() });
const accessBody = z.object({
  scope: z.array(z.url()).min(1),
  lifetime: z.string().regex(/^\d+s$/),
});
const audienceBody = z.object({ audience: z.string().min(1), includeEmail: z.boolean() });

/** A JSON Web Token (RS256) with an account's key. */
function signedJwt(payload: string, account: ServiceAccount): string {
  const encoded = (text: string): string => Buffer.from(text).toString('base64url');
  const header = JSON.stringify({ alg: 'RS256', kid: account.keyId, typ: 'JWT' });
  const signing = `${encoded(header)}.${encoded(payload)}`;
  return `${signing}.${createSign('RSA-SHA256').update(signing).sign(account.privateKeyPem, 'base64url')}`;
}

/**
 * Serves four methods of `/v1/projects/-/serviceAccounts/{email}` over TLS, for callers with an
 * access token of `tokens`: `signBlob` and `signJwt` (RSASSA-PKCS1-v1_5 with SHA-256, with the key of
 * the named account), `generateAccessToken`, and `generateIdToken`, which is signed with that key
 * instead of Google's.
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts
 */
export function startIamCredentials(options: {
  readonly accounts: ReadonlyMap<string, ServiceAccount>;
  readonly tokens: AccessTokens;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<IamFault>> {
  return startLoopbackFake<IamFault>({
    tls: options.tls,
    answer({ method, url, headers, body }, fault) {
      const [, project, encodedEmail, name] = METHOD.exec(url.pathname) ?? [];
      if (method !== 'POST' || project === undefined || encodedEmail === undefined) {
        return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
      }
      const refusal = authorise(headers.authorization, options.tokens);
      if (refusal) return refusal;
      if (fault) return IAM_FAULTS[fault];
      if (project !== '-') return invalidArgument('Invalid resource name.');

      const email = decodeURIComponent(encodedEmail);
      const account = options.accounts.get(email);
      const given = parsedJson(body);
      switch (name) {
        case 'signBlob': {
          const payload = payloadBody.safeParse(given).data?.payload ?? '';
          if (!BASE64.test(payload)) {
            return invalidArgument(
              "Invalid value at 'payload' (TYPE_BYTES), Base64 decoding failed.",
            );
          }
          if (!account) return accountUnknown(email);
          const signedBlob = createSign('RSA-SHA256')
            .update(Buffer.from(payload, 'base64'))
            .sign(account.privateKeyPem, 'base64');
          return jsonAnswer(200, { keyId: account.keyId, signedBlob });
        }
        case 'signJwt': {
          const payload = payloadBody.safeParse(given).data?.payload ?? '';
          if (!z.object({ exp: z.int() }).safeParse(parsedJson(payload)).success) {
            return invalidArgument('The JWT claim set is invalid.');
          }
          if (!account) return accountUnknown(email);
          return jsonAnswer(200, { keyId: account.keyId, signedJwt: signedJwt(payload, account) });
        }
        case 'generateAccessToken': {
          const asked = accessBody.safeParse(given).data;
          if (!asked) return invalidArgument('Scope required.');
          if (!account) return accountUnknown(email);
          const { access_token: accessToken, expires_in: seconds } = options.tokens.issue(email);
          const expireTime = new Date(Date.now() + seconds * 1_000).toISOString();
          return jsonAnswer(200, { accessToken, expireTime });
        }
        default: {
          const asked = audienceBody.safeParse(given).data;
          if (!asked) return invalidArgument('Audience required.');
          if (!account) return accountUnknown(email);
          const iat = Math.floor(Date.now() / 1_000);
          const claims = {
            iss: 'https://accounts.google.com',
            aud: asked.audience,
            sub: account.uniqueId,
            azp: account.uniqueId,
            ...(asked.includeEmail && { email, email_verified: true }),
            iat,
            exp: iat + 3_600,
          };
          return jsonAnswer(200, { token: signedJwt(JSON.stringify(claims), account) });
        }
      }
    },
  });
}

/** The error for a request without a valid token; undefined if it is authorised. */
export function authorise(
  authorization: string | undefined,
  tokens: AccessTokens,
): Answer | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return missingCredential;
  return tokens.find(token) ? undefined : invalidCredential;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
