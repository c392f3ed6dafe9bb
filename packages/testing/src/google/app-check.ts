import { createVerify } from 'node:crypto';
import type { AccessTokens } from './access-tokens';
import { authorise } from './iam-credentials';
import { invalidArgument } from './iam-errors';
import { jsonAnswer, type LoopbackFake, startLoopbackFake } from './loopback-fake';
import type { ServiceAccount } from './service-account';

export const APP_CHECK_HOST = 'firebaseappcheck.googleapis.com';

const EXCHANGE = /^\/v1\/projects\/([^/]+)\/apps\/([^/]+):exchangeCustomToken$/;
const AUDIENCE =
  'https://firebaseappcheck.googleapis.com/google.firebase.appcheck.v1.TokenExchangeService';

/**
 * Serves `POST /v1/projects/{project}/apps/{app}:exchangeCustomToken` over TLS: verifies a custom
 * token signed by one of the accounts for this app, and returns an App Check token.
 * https://firebase.google.com/docs/reference/appcheck/rest/v1/projects.apps/exchangeCustomToken
 */
export function startAppCheck(options: {
  readonly accounts: ReadonlyMap<string, ServiceAccount>;
  readonly tokens: AccessTokens;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<'unavailable'>> {
  return startLoopbackFake<'unavailable'>({
    tls: options.tls,
    answer({ method, url, headers, body }, fault) {
      const [, project, appId] = EXCHANGE.exec(decodeURIComponent(url.pathname)) ?? [];
      if (method !== 'POST' || project === undefined || appId === undefined) {
        return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
      }
      const refusal = authorise(headers.authorization, options.tokens);
      if (refusal) return refusal;
      if (fault) return { status: 503, headers: {}, body: '' };
      const claims = verifiedClaims(body, options.accounts);
      if (claims?.['aud'] !== AUDIENCE || claims['app_id'] !== appId) {
        return invalidArgument('App attestation failed.');
      }
      return jsonAnswer(200, { token: `app-check-token-for-${project}-${appId}`, ttl: '3600s' });
    },
  });
}

/** The claims of the custom token in a body, if its signature is valid. */
function verifiedClaims(
  body: string,
  accounts: ReadonlyMap<string, ServiceAccount>,
): Readonly<Record<string, unknown>> | undefined {
  try {
    const { customToken } = JSON.parse(body) as { customToken: string };
    const [header = '', payload = '', signature = ''] = customToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string };
    const account = accounts.get(claims.iss);
    if (!account) return undefined;
    const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
    return verifier.verify(account.publicKeyPem, signature, 'base64url')
      ? { ...claims }
      : undefined;
  } catch {
    return undefined;
  }
}
