import { parseJson, readBody, requireSmallJson, type BodyBounds } from '../http/body';
import { jsonAnswer } from '../http/answer';
import type { CrossOrigin } from '../http/cors';
import type { Exchange, Outcome, Route } from '../http/serve';
import type { IncomingRequest } from '../http/request';
import type { Client } from '../limits/client-address';
import type { RateLimit } from '../limits/rate-limit';
import { asProblem } from '../problem';
import type { RequestContext } from '../upstream/request-context';
import { singleFlight } from '../upstream/single-flight';
import { readCredential, type CredentialField } from './credential';
import type { Ended, Identity, Login, Session } from './login';

/**
 * Named as in the guide for Cloud Run that Tini App developers may come from, so that moving over
 * means changing a URL. The Hosting rewrites in firebase.json are tested against this.
 */
export const AUTH_PATHS = ['/auth_exchange', '/auth_refresh', '/auth_info'] as const;
type AuthPath = (typeof AUTH_PATHS)[number];

/** A credential in JSON: a few hundred bytes, even over a bad line a matter of a second. */
const BODY: BodyBounds = { maxBytes: 16 * 1024, timeoutMs: 4_000 };

const CORS: CrossOrigin = {
  methods: 'POST',
  headers: 'Content-Type, Accept-Language, X-Request-Id',
};

export interface AuthOptions {
  readonly login: Login;
  /** Under which key of an answer the provider's tokens stand; undefined: they stay here. */
  readonly tokensKey: string | undefined;
  readonly clientOf: (request: IncomingRequest) => Client;
  readonly rateLimit: RateLimit;
}

function identityBody({ uid, customer, scopes }: Identity): object {
  return { uid, customer: { id: customer.id, name: customer.name }, scopes };
}

function sessionBody(session: Session, tokensKey: string | undefined): object {
  const { customToken, expiresIn, tokens, appCheck } = session;
  return {
    customToken,
    expiresIn,
    ...identityBody(session),
    ...appCheck,
    ...(tokensKey !== undefined && {
      [tokensKey]: {
        accessToken: tokens.accessToken,
        ...(tokens.refreshToken !== undefined && { refreshToken: tokens.refreshToken }),
        expiresIn: tokens.expiresIn,
        tokenType: tokens.tokenType,
      },
    }),
  };
}

/** The bridge's three routes. */
export function authRoutes({ login, tokensKey, clientOf, rateLimit }: AuthOptions): Route[] {
  // Tiki takes auth codes and rotating refresh tokens once.
  const exchangeOnce = singleFlight<Ended<Session>>();
  const refreshOnce = singleFlight<Ended<Session>>();
  const ofSession = (session: Session) => sessionBody(session, tokensKey);

  /** A route whose body holds one credential, in this field. */
  function route<T>(
    source: AuthPath,
    field: CredentialField,
    work: (credential: string, context: RequestContext) => Promise<Ended<T>>,
    bodyOf: (value: T) => object,
  ): Route {
    async function run({ request, deadline }: Exchange): Promise<Outcome> {
      requireSmallJson(request, BODY.maxBytes);
      const credential = readCredential(parseJson(await readBody(request, BODY)), field);
      const client = clientOf(request);
      try {
        await rateLimit(client.address, client.hops, client.via);
      } catch (error) {
        return { problem: asProblem(error), facts: { credential } };
      }
      const ended = await work(credential, { deadline, caller: client.address });
      const facts = { ...ended.facts, credential };
      return 'problem' in ended
        ? { problem: ended.problem, facts }
        : { answer: jsonAnswer(bodyOf(ended.value)), facts };
    }
    const name = source.slice(1);
    return { source, name, cors: CORS, operationsAt: () => ({ POST: { name, run } }) };
  }

  return [
    route(
      '/auth_exchange',
      'code',
      (code, context) => exchangeOnce(code, () => login.exchange(code, context)),
      ofSession,
    ),
    route(
      '/auth_refresh',
      'refresh_token',
      (token, context) => refreshOnce(token, () => login.refresh(token, context)),
      ofSession,
    ),
    route(
      '/auth_info',
      'access_token',
      (token, context) => login.info(token, context),
      identityBody,
    ),
  ];
}
