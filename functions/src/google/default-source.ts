import type { Clock } from '../clock';
import type { BoundedLibrary } from './auth-library';
import { NoIdTokens, withoutKey, type TokenSource } from './credentials';
import { lifetimeOf } from './lifetime';

/** Of a token whose expiry the library does not tell; it is shorter than any real one. */
const UNKNOWN_LIFETIME_MS = 10 * 60_000;

/**
 * Application Default Credentials of every other kind: a person's own login (`gcloud auth
 * application-default login`), workload identity federation, a file that impersonates an account, a
 * virtual machine's metadata server. A person's own login gives no ID tokens.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function defaultSource(library: BoundedLibrary, clock: Pick<Clock, 'now'>): TokenSource {
  const options = { clientOptions: { transporterOptions: library.transport } };
  return {
    email: () =>
      library.use(async ({ GoogleAuth }) => {
        const { client_email: email } = await new GoogleAuth(options).getCredentials();
        if (!email) throw new Error('these credentials are no service account');
        return email;
      }),
    accessToken: (scopes) =>
      library.use(async ({ GoogleAuth }) => {
        const asked = Date.now();
        const client = await new GoogleAuth({ ...options, scopes: [...scopes] }).getClient();
        const { token } = await client.getAccessToken();
        if (!token) throw new Error('Google gave no access token');
        const expiry = client.credentials.expiry_date;
        return { value: token, lifetimeMs: expiry ? expiry - asked : UNKNOWN_LIFETIME_MS };
      }),
    idToken: (audience) =>
      library.use(async ({ GoogleAuth, UserRefreshClient }) => {
        const auth = new GoogleAuth(options);
        if ((await auth.getClient()) instanceof UserRefreshClient) throw new NoIdTokens();
        const { idTokenProvider } = await auth.getIdTokenClient(audience);
        const value = await idTokenProvider.fetchIdToken(audience);
        return { value, lifetimeMs: lifetimeOf(value, clock.now()) };
      }),
    jwtAccessToken: withoutKey,
  };
}
