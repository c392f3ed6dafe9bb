import type { Clock } from '../clock';
import type { BoundedLibrary } from './auth-library';
import { withoutKey, type Credentials, type TokenSource } from './credentials';
import { isUnauthenticated } from './signing-failure';
import { lifetimeOf } from './lifetime';

/** Google's default, and the most without a policy of the organisation. */
const LIFETIME_SECONDS = 3_600;

/**
 * Tokens of another service account, by IAM (`generateAccessToken`, `generateIdToken`). Who asks
 * needs the role Service Account Token Creator on that account.
 *
 * @param email The account.
 * @param caller Who asks.
 * @see https://cloud.google.com/iam/docs/create-short-lived-credentials-direct
 */
export function impersonation(
  email: string,
  caller: Pick<Credentials, 'accessTokens'>,
  library: BoundedLibrary,
  clock: Pick<Clock, 'now'>,
): TokenSource {
  type Impersonated = InstanceType<(typeof import('google-auth-library'))['Impersonated']>;

  const asCaller = <T>(scopes: readonly string[], work: (account: Impersonated) => Promise<T>) =>
    caller.accessTokens().use(
      (token) =>
        library.use(({ Impersonated, OAuth2Client }) => {
          const sourceClient = new OAuth2Client({ transporterOptions: library.transport });
          sourceClient.setCredentials({ access_token: token });
          return work(
            new Impersonated({
              sourceClient,
              targetPrincipal: email,
              targetScopes: [...scopes],
              lifetime: LIFETIME_SECONDS,
            }),
          );
        }),
      isUnauthenticated,
    );

  return {
    email: () => Promise.resolve(email),
    accessToken: (scopes) =>
      asCaller(scopes, async (account) => {
        const asked = Date.now();
        const { token } = await account.getAccessToken();
        const expiry = account.credentials.expiry_date;
        if (!token || !expiry) throw new Error('IAM gave no access token');
        return { value: token, lifetimeMs: expiry - asked };
      }),
    idToken: (audience) =>
      asCaller([], async (account) => {
        const value = await account.fetchIdToken(audience, { includeEmail: true });
        return { value, lifetimeMs: lifetimeOf(value, clock.now()) };
      }),
    jwtAccessToken: withoutKey,
  };
}
