import * as z from 'zod';
import { stopwatch, type Clock } from '../clock';
import type { Ended, Identity, Login, Session } from './login';
import type { createOperators } from './operators';
import { jsonAnswer } from '../http/answer';
import { parseJson, readBody, requireSmallBody, type BodyBounds } from '../http/body';
import type { CrossOrigin } from '../http/cors';
import { header, type IncomingRequest } from '../http/request';
import type { RequestInProgress, Outcome, Route } from '../http/serve';
import { openOnce } from '../lazy';
import type { Client } from '../limits/client-address';
import type { RateLimit } from '../limits/rate-limit';
import { asProblem, Problem, type FieldFault } from '../problem';
import type { RequestContext } from '../upstream/request-context';
import { singleFlight } from '../upstream/single-flight';

/** Codes and tokens are a few hundred characters long; this leaves ample room. */
const MAX_CREDENTIAL_LENGTH = 4_096;

/** Visible ASCII: what a header could carry. No white space, no control characters. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export const credential = z
  .string({
    error: ({ input }) => (input === undefined ? 'missing' : 'not-a-string') satisfies FieldFault,
  })
  .min(1, { error: 'empty' satisfies FieldFault, abort: true })
  .max(MAX_CREDENTIAL_LENGTH, { error: 'too-long' satisfies FieldFault, abort: true })
  .regex(VISIBLE_ASCII, { error: 'bad-characters' satisfies FieldFault });

/** The credential that each route takes, by the name of its field. Other keys are ignored. */
export type CredentialField = 'code' | 'refresh_token' | 'access_token';

/**
 * Reads the one credential out of a request's body.
 *
 * @throws Problem `invalid-request` naming the field and its fault, never its value.
 */
export function readCredential(body: unknown, field: CredentialField): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Buffer.isBuffer(body)) {
    throw new Problem('invalid-request', { request: { body: 'not-an-object' } });
  }
  // Own properties only, to ignore inherited ones.
  const value: unknown = Object.hasOwn(body, field) ? Reflect.get(body, field) : undefined;
  const result = credential.safeParse(value);
  if (result.success) return result.data;
  // The messages of `credential` are faults, and there is at least one where parsing failed.
  const fault = result.error.issues[0]?.message as FieldFault;
  throw new Problem('invalid-request', { request: { field, fault } });
}

/**
 * Named as in the guide for Cloud Run that Tini App developers may come from, so that moving over
 * means changing a URL. The Hosting rewrites in firebase.json are tested against this.
 */
export const AUTH_PATHS = ['/auth_exchange', '/auth_refresh', '/auth_info'] as const;
/**
 * For operators, at the function's own URL: Hosting has no rewrites for these. Not `/healthz`, since
 * Cloud Run keeps some paths that end in z for itself.
 */
export const OPERATOR_PATHS = ['/health', '/ready'] as const;
type AuthPath = (typeof AUTH_PATHS)[number];

/** A few hundred bytes of JSON: about a second even on a slow connection. */
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
  /** The upstream that the rate limit asks; undefined: it counts in memory. */
  readonly rateLimitStore: 'firestore' | undefined;
  readonly elapsed: Clock['elapsed'];
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

/**
 * Who may share one exchange: the same credential from the same address, as when a client repeats
 * its request. Whoever sends a stolen code while its owner does must not be handed the owner's session;
 * the provider refuses the second use, so one of the two fails and can be seen in the log.
 */
const flightOf = (credential: string, { caller }: RequestContext): string =>
  `${caller} ${credential}`;

/** Whether a request came through Hosting, or another proxy that names the host it was sent to. */
const isForwarded = (request: IncomingRequest): boolean =>
  header(request, 'x-forwarded-host') !== undefined;

/** @param load Called with the first request. */
export function operatorRoutes(load: () => Promise<ReturnType<typeof createOperators>>): Route[] {
  const loaded = openOnce(load);
  return OPERATOR_PATHS.map((source) => {
    const name = source === '/health' ? 'health' : 'ready';
    const run = async ({ request }: RequestInProgress): Promise<Outcome> => {
      const operators = await loaded();
      return operators[name](request);
    };
    return {
      source,
      name,
      operationsAt: (request) => (isForwarded(request) ? undefined : { GET: { name, run } }),
    };
  });
}

/** The bridge's three routes. */
export function authRoutes(options: AuthOptions): Route[] {
  const { login, tokensKey, clientOf, rateLimit, rateLimitStore, elapsed } = options;
  // Auth codes and rotating refresh tokens are single-use.
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
    async function run({ request, deadline }: RequestInProgress): Promise<Outcome> {
      requireSmallBody(request, BODY.maxBytes);
      const credential = readCredential(parseJson(await readBody(request, BODY)), field);
      const client = clientOf(request);
      const { steps, time } = stopwatch(elapsed);
      const limited = () => rateLimit(client.address, client.hops, client.via);
      try {
        await (rateLimitStore ? time(rateLimitStore, limited) : limited());
      } catch (error) {
        return { problem: asProblem(error), facts: { credential, steps } };
      }
      const ended = await work(credential, { deadline, caller: client.address });
      const facts = {
        ...ended.facts,
        credential,
        steps: [...steps, ...(ended.facts.steps ?? [])],
      };
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
      (code, context) => exchangeOnce(flightOf(code, context), () => login.exchange(code, context)),
      ofSession,
    ),
    route(
      '/auth_refresh',
      'refresh_token',
      (token, context) =>
        refreshOnce(flightOf(token, context), () => login.refresh(token, context)),
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
