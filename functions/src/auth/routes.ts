import type { Deadline } from '../clock';
import type { Identity, Login, Session, Trail } from './login';
import { singleFlight } from '../upstream/single-flight';
import type { CredentialField } from './credential';

/** One route: the credential it takes and the answer's body it gives. */
export interface Route {
  readonly field: CredentialField;
  readonly run: (credential: string, deadline: Deadline, trail: Trail) => Promise<object>;
}

function identityBody({ uid, customer, scopes }: Identity): object {
  return { uid, customer: { id: customer.id, name: customer.name }, scopes };
}

function sessionBody(session: Session, tikiTokensToClient: boolean): object {
  const { customToken, expiresIn, tikiTokens, appCheck } = session;
  return {
    customToken,
    expiresIn,
    ...identityBody(session),
    ...appCheck,
    ...(tikiTokensToClient && {
      tiki: {
        accessToken: tikiTokens.accessToken,
        ...(tikiTokens.refreshToken !== undefined && { refreshToken: tikiTokens.refreshToken }),
        expiresIn: tikiTokens.expiresIn,
        tokenType: tikiTokens.tokenType,
      },
    }),
  };
}

/**
 * The routes, named as in the guide for Cloud Run that Tini App developers may come from, so that
 * moving over means changing a URL. The Hosting rewrites in firebase.json are tested against this.
 */
export const AUTH_PATHS = ['/auth_exchange', '/auth_refresh', '/auth_info'] as const;
export type RoutePath = (typeof AUTH_PATHS)[number];
export type Routes = Readonly<Record<RoutePath, Route>>;

export function isRoutePath(path: string): path is RoutePath {
  return (AUTH_PATHS as readonly string[]).includes(path);
}

export function createRoutes(
  login: Login,
  options: { readonly tikiTokensToClient: boolean },
): Routes {
  // Auth codes and rotating refresh tokens are taken by Tiki once.
  const exchangeOnce = singleFlight<Session>();
  const refreshOnce = singleFlight<Session>();

  async function opened(sharedSession: Promise<Session>, trail: Trail): Promise<object> {
    const session = await sharedSession;
    trail.uid = session.uid;
    return sessionBody(session, options.tikiTokensToClient);
  }

  return {
    '/auth_exchange': {
      field: 'code',
      run: (code, deadline, trail) =>
        opened(
          exchangeOnce(code, () => login.exchange(code, deadline, trail)),
          trail,
        ),
    },
    '/auth_refresh': {
      field: 'refresh_token',
      run: (token, deadline, trail) =>
        opened(
          refreshOnce(token, () => login.refresh(token, deadline, trail)),
          trail,
        ),
    },
    '/auth_info': {
      field: 'access_token',
      run: async (token, deadline, trail) => identityBody(await login.info(token, deadline, trail)),
    },
  };
}
