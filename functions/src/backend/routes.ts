import { deadlineIn, type Clock } from '../clock';
import type { Credentials } from '../google/credentials';
import { explainTokenFailure } from '../google/token-failure';
import type { CrossOrigin } from '../http/cors';
import { header, targetOf, type IncomingRequest } from '../http/request';
import type { Method, Operation, Outcome, RequestInProgress, Route } from '../http/serve';
import type { UpstreamRefusal } from '../log/request-entry';
import { Problem } from '../problem';
import type { Naming } from '../providers/provider';
import type { SessionReader } from '../sessions/read-session';
import type { Session } from '../sessions/session';
import { sh } from '../remedy';
import type { KeptAliveSockets } from '../upstream/http-client';
import { ask, bodyOf, relay } from './forward';
import { isRefusedToken, looksForbidden } from './front-end';
import { backendHeaders, callerHeaders } from './headers';
import { backendTarget } from './target';
import type { UserTokens } from './user-tokens';

/** The Hosting rewrite in firebase.json is tested against this. */
export const BACKEND_PATHS = ['/backend/**'] as const;

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** For pages of ALLOWED_ORIGINS, which have no cookie here and send the ID token. */
const CORS: CrossOrigin = {
  methods: METHODS.join(', '),
  headers:
    'Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, ' +
    'Range, X-Request-Id',
};

/** What is needed before the backend can be called. Shorter than the call itself. */
const PREPARE_MS = 8_000;

/** Seconds: a new attempt gets a new ID token. */
const RETRY_AFTER_SECONDS = 1;

/** Another token is refused as well while the audience is wrong: one a minute is enough. */
const DROP_EVERY_MS = 60_000;

/** Who the backend is, and how it is called. */
export interface BackendEffects {
  readonly url: URL;
  readonly naming: Naming;
  readonly reader: SessionReader;
  readonly userTokens: UserTokens;
  /** ID tokens for the service; undefined in the emulator. */
  readonly identity: { readonly audience: string; readonly credentials: Credentials } | undefined;
  readonly projectId: string;
  readonly sockets: KeptAliveSockets;
  readonly clock: Clock;
  /** Milliseconds for one call, up to the last byte of its answer. */
  readonly timeoutMs: number;
}

/** Whether the bridge signed this user in. The backend is not for other users of the project. */
function isCustomer({ claims, uid }: Session, naming: Naming): boolean {
  const id = claims[naming.customerIdClaim];
  return (
    claims['provider'] === naming.name && typeof id === 'string' && naming.uidPrefix + id === uid
  );
}

/** The route of everything below `/backend/`. */
export function backendRoutes(open: () => BackendEffects): Route[] {
  let mayDropAt = 0;

  async function sessionOf(
    { request }: RequestInProgress,
    { reader, naming, clock }: BackendEffects,
  ): Promise<{ readonly session: Session; readonly setCookie: string | undefined }> {
    const result = await reader.read(request, {}, deadlineIn(PREPARE_MS, clock));
    if (!result.ok) throw new Problem('unauthenticated');
    const { session, setCookie } = result;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    // A cookie comes with requests of foreign sites too.
    if (session.via === 'cookie' && !reads) {
      if (await reader.isForged(request, header(request, 'x-csrf-token'))) {
        throw new Problem('forbidden');
      }
    }
    if (!isCustomer(session, naming)) throw new Problem('forbidden');
    return { session, setCookie };
  }

  async function idTokenFor({ identity, projectId }: BackendEffects): Promise<string | undefined> {
    if (!identity) return undefined;
    const { audience, credentials } = identity;
    try {
      return await credentials.idTokens(audience).current();
    } catch (error) {
      const email = await credentials.email().catch(() => undefined);
      throw explainTokenFailure(error, 'Google gave no ID token for the backend', {
        signsAs: email,
        callsAs: email,
        projectId,
      });
    }
  }

  /** Google's front end refused the ID token: the next call fetches another. */
  function refused({ identity, url, projectId, clock }: BackendEffects, idToken = ''): Problem {
    if (clock.elapsed() >= mayDropAt) {
      mayDropAt = clock.elapsed() + DROP_EVERY_MS;
      identity?.credentials.idTokens(identity.audience).drop(idToken);
    }
    return new Problem('upstream-unavailable', {
      operator: {
        cause: 'The backend did not accept the ID token of this service',
        remedy:
          'correct PRIVATE_BACKEND_URL and PRIVATE_BACKEND_AUDIENCE: the audience of a Cloud Run ' +
          'service is its own address (' +
          sh`gcloud run services list --project ${projectId} --filter ${url.hostname}` +
          ')',
      },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  /** Until the role is granted, which can only be done after the deployment. */
  async function forbidden({ identity, projectId }: BackendEffects): Promise<UpstreamRefusal> {
    const email = await identity?.credentials.email().catch(() => undefined);
    return {
      outcome: 'backend-forbidden',
      operator: {
        cause:
          'The backend answered 403 with a page, as Cloud Run does to accounts without the role',
        remedy:
          'gcloud run services add-iam-policy-binding <service> --region <region> ' +
          sh`--project ${projectId} --member serviceAccount:${email ?? '<account of backend>'} ` +
          '--role roles/run.invoker (npm run doctor shows it filled in; behind Identity-Aware Proxy the ' +
          'role is roles/iap.httpsResourceAccessor)',
      },
    };
  }

  async function passOn(
    inProgress: RequestInProgress,
    path: string,
    effects: BackendEffects,
  ): Promise<Outcome> {
    const { request, requestId, whenGone } = inProgress;
    const { session, setCookie } = await sessionOf(inProgress, effects);
    const { uid } = session;
    const timeUp = new AbortController();
    const timer = setTimeout(() => {
      timeUp.abort(new Problem('upstream-timeout'));
    }, effects.timeoutMs);
    const signal = AbortSignal.any([whenGone(), timeUp.signal]);
    try {
      const body = bodyOf(request, signal);
      const [idToken, userToken] = await Promise.all([
        idTokenFor(effects),
        effects.userTokens(uid, deadlineIn(PREPARE_MS, effects.clock)),
      ]);
      const headers = backendHeaders(request, { idToken, userToken, requestId });
      const answer = await ask(
        {
          base: effects.url,
          path,
          method: request.method ?? '',
          headers: {
            ...headers,
            ...(body?.length !== undefined && { 'content-length': String(body.length) }),
          },
          body: body?.body,
        },
        effects.sockets,
        signal,
      );
      if (isRefusedToken(answer)) {
        answer.destroy();
        throw refused(effects, idToken);
      }
      const refusal = looksForbidden(answer) ? await forbidden(effects) : undefined;
      return {
        answer: {
          status: answer.statusCode ?? 0,
          headers: callerHeaders(answer.headers, setCookie),
          body: (response) =>
            relay(answer, response, signal).finally(() => {
              clearTimeout(timer);
            }),
        },
        facts: { uid, refusal },
      };
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  }

  function operationsAt(request: IncomingRequest): Partial<Record<Method, Operation>> | undefined {
    const path = backendTarget(targetOf(request));
    if (path === undefined) return undefined;
    const run = async (inProgress: RequestInProgress): Promise<Outcome> =>
      passOn(inProgress, path, open());
    return Object.fromEntries(METHODS.map((method) => [method, { name: 'backend', run }]));
  }

  return [{ source: BACKEND_PATHS[0], name: 'backend', cors: CORS, operationsAt }];
}
