import { createSign } from 'node:crypto';
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

const SIGN_BLOB = /^\/v1\/projects\/([^/]+)\/serviceAccounts\/([^/:]+):signBlob$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Serves `POST /v1/projects/-/serviceAccounts/{email}:signBlob` over TLS: RSASSA-PKCS1-v1_5 with
 * SHA-256 with the key of the named account, for callers with an access token of `tokens`.
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob
 */
export function startIamCredentials(options: {
  readonly accounts: ReadonlyMap<string, ServiceAccount>;
  readonly tokens: AccessTokens;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<IamFault>> {
  return startLoopbackFake<IamFault>({
    tls: options.tls,
    answer({ method, url, headers, body }, fault) {
      const [, project, encodedEmail] = SIGN_BLOB.exec(url.pathname) ?? [];
      if (method !== 'POST' || project === undefined || encodedEmail === undefined) {
        return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
      }
      const refusal = authorise(headers.authorization, options.tokens);
      if (refusal) return refusal;
      if (fault) return IAM_FAULTS[fault];
      if (project !== '-') return invalidArgument('Invalid resource name.');

      const payload = readPayload(body);
      if (payload === undefined) {
        return invalidArgument("Invalid value at 'payload' (TYPE_BYTES), Base64 decoding failed.");
      }
      const email = decodeURIComponent(encodedEmail);
      const account = options.accounts.get(email);
      if (!account) return accountUnknown(email);
      const signedBlob = createSign('RSA-SHA256')
        .update(Buffer.from(payload, 'base64'))
        .sign(account.privateKeyPem, 'base64');
      return jsonAnswer(200, { keyId: account.keyId, signedBlob });
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

function readPayload(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('payload' in parsed)) return undefined;
    const { payload } = parsed;
    return typeof payload === 'string' && BASE64.test(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}
