import type { Response } from 'firebase-functions/https';
import type { LogEntry } from 'firebase-functions/logger';
import { deadlineIn, type Clock } from '../clock';
import type { Trail } from '../auth/login';
import { requestEntry } from '../log/request-entry';
import { Problem } from '../problem';
import { clientOf } from '../limits/client-address';
import type { Networks } from '../limits/networks';
import { inFlightCount } from './in-flight';
import type { RateLimit } from '../limits/rate-limit';
import { commonHeaders, jsonAnswer, problemAnswer, type Answer } from './answer';
import { readCredential } from '../auth/credential';
import { corsHeaders, preflightHeaders, type CrossOrigin } from './cors';
import { preferredLanguage } from './language';
import { readBody, type BodyBounds } from './read-body';
import { header, parseJson, requestIdOf, requireSmallJson, type IncomingRequest } from './request';
import { isRoutePath, type Routes } from '../auth/routes';
import { leaveRestUnread } from '../server/unread-rest';

/** One request, whole; shorter than any caller's patience. */
const REQUEST_TIMEOUT_MS = 8_000;

/** A credential in JSON: a few hundred bytes, and a moment even on a bad line. */
const BODY: BodyBounds = { maxBytes: 16 * 1024, timeoutMs: 4_000 };

const CROSS_ORIGIN: CrossOrigin = {
  methods: 'POST',
  headers: 'Content-Type, Accept-Language, X-Request-Id',
};

/** What the configuration makes of the routes; asked for with every request, made once. */
export interface Service {
  readonly routes: Routes;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly rateLimit: RateLimit;
  readonly isTrustedProxy: Networks;
  readonly maxInFlight: number;
  /** Never to be seen in a log. */
  readonly secrets: readonly string[];
}

export interface HandlerEffects {
  /** @throws Problem `misconfigured` */
  readonly service: () => Service;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly log: (entry: LogEntry) => void;
}

const NO_CONTENT: Answer = { status: 204, headers: {}, body: '' };

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', { cause: error });
}

/**
 * Serves the bridge's routes: one request in, one answer out, one log entry. Whatever happens is
 * answered with a documented code.
 */
export function createHandler(effects: HandlerEffects) {
  const { clock, log, newRequestId } = effects;
  const inFlight = inFlightCount();

  return async (request: IncomingRequest, response: Response): Promise<void> => {
    const start = clock.elapsed();
    const requestId = requestIdOf(request, newRequestId);
    const { path } = request;
    const origin = header(request, 'origin');
    const trail: Trail = { ms: {} };
    let secrets: readonly string[] = [];
    let credential: string | undefined;
    let cors: Record<string, string> = {};
    let problem: Problem | undefined;

    const deadline = deadlineIn(REQUEST_TIMEOUT_MS, clock);

    async function answer(): Promise<Answer> {
      if (!isRoutePath(path)) throw new Problem('not-found');
      const service = effects.service();
      ({ secrets } = service);
      cors = corsHeaders(origin, service.allowedOrigins);
      inFlight.requireRoom(service.maxInFlight);
      if (request.method === 'OPTIONS') {
        const preflight = preflightHeaders(origin, service.allowedOrigins, CROSS_ORIGIN);
        if (preflight) return { ...NO_CONTENT, headers: preflight };
      }
      if (request.method !== 'POST') throw new Problem('method-not-allowed', { allow: 'POST' });
      requireSmallJson(request, BODY.maxBytes);
      const body = await readBody(request, BODY);
      const route = service.routes[path];
      credential = readCredential(body ? parseJson(body) : request.body, route.field);
      const { address, hops, via } = clientOf(
        {
          forwardedFor: header(request, 'x-forwarded-for'),
          hostingClient: header(request, 'fastly-client-ip'),
          peer: request.socket?.remoteAddress,
        },
        service.isTrustedProxy,
      );
      await service.rateLimit(address, hops, via);
      return jsonAnswer(await route.run(credential, { deadline, caller: address }, trail));
    }

    const { status, headers, body } = await inFlight.during(answer).catch((error: unknown) => {
      problem = asProblem(error);
      const language = preferredLanguage(header(request, 'accept-language'));
      return problemAnswer(problem, requestId, language);
    });
    leaveRestUnread(request, response);
    response
      .status(status)
      .set({ ...commonHeaders(requestId), ...cors, ...headers })
      .send(body);
    log(
      requestEntry({
        route: isRoutePath(path) ? path.slice(1) : 'unknown',
        requestId,
        status,
        uid: trail.uid,
        ms: { total: clock.elapsed() - start, ...trail.ms },
        problem,
        appCheckFailure: trail.appCheckFailure,
        secrets,
        credential,
      }),
    );
  };
}
