import type { Clock } from '../clock';
import type { BoundedLibrary } from './auth-library';
import type { TokenSource } from './credentials';
import type { KeyFile } from './key-file';
import { lifetimeOf } from './lifetime';

const BEARER = /^Bearer (\S+)$/;

/** Tokens of a service account whose key is here. */
export function keySource(
  key: KeyFile,
  library: BoundedLibrary,
  clock: Pick<Clock, 'now'>,
): TokenSource {
  const account = {
    email: key.client_email,
    key: key.private_key,
    ...(key.private_key_id !== undefined && { keyId: key.private_key_id }),
    transporterOptions: library.transport,
  };
  const jwt = (value: string) => ({ value, lifetimeMs: lifetimeOf(value, clock.now()) });
  return {
    email: () => Promise.resolve(key.client_email),
    accessToken: (scopes) =>
      library.use(async ({ JWT }) => {
        const asked = Date.now();
        const { access_token: value, expiry_date: expiry } = await new JWT({
          ...account,
          scopes: [...scopes],
        }).authorize();
        if (!value || !expiry) throw new Error('the token endpoint gave no access token');
        // By the library's clock, which is the system's.
        return { value, lifetimeMs: expiry - asked };
      }),
    idToken: (audience) =>
      library.use(async ({ JWT }) => jwt(await new JWT(account).fetchIdToken(audience))),
    jwtAccessToken: (audience) =>
      library.use(async ({ JWT }) => {
        const headers = await new JWT(account).getRequestHeaders(audience);
        const value = BEARER.exec(headers.get('authorization') ?? '')?.[1];
        if (value === undefined) throw new Error('no token was signed');
        return jwt(value);
      }),
  };
}
