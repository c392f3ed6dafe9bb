import type { ServerResponse } from 'node:http';
import { ClientGone } from '../client-gone';
import type { LogEntry } from 'firebase-functions/logger';
import { deadlineIn, type Clock, type Deadline } from '../clock';
import {
  commonHeaders,
  problemAnswer,
  writeAnswer,
  type Answer,
  type ProblemMembers,
} from './answer';
import { corsHeaders, preflightHeaders, type CrossOrigin } from './cors';
import { preferredLanguage } from './language';
import type { Handler } from './handler';
import { parsePathPrefix } from './path-prefix';
import {
  header,
  pathOf,
  requestIdOf,
  stripPrefix,
  traceFields,
  type IncomingRequest,
} from './request';
import { CLIENT_GONE_STATUS, outcomeOf, requestEntry, type Facts } from '../log/request-entry';
import { asProblem, Problem } from '../problem';

const RETRY_AFTER_SECONDS = 1;

/** The requests that one instance works on at once. */
interface InFlight {
  /** Counts one request until `work` is through with it. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** @throws Problem `overloaded` when this is more than `most`, the one that asks included. */
  readonly requireRoom: (most: number) => void;
}

function inFlightCount(): InFlight {
  let count = 0;
  return {
    during: async (work) => {
      count += 1;
      try {
        return await work();
      } finally {
        count -= 1;
      }
    },
    requireRoom: (most) => {
      if (count > most) throw new Problem('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    },
  };
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an operation is given of a request. */
export interface RequestInProgress {
  readonly request: IncomingRequest;
  /** As in the log and the answer. */
  readonly requestId: string;
  /** How much of the time for the whole request is left. */
  readonly deadline: Deadline;
  /** Aborts with `ClientGone` when the caller hangs up before the answer is complete. */
  readonly whenGone: () => AbortSignal;
}

/** How an operation ended, and what the log should know about it. It may also throw a `Problem`. */
export type Outcome = ({ readonly answer: Answer } | { readonly problem: Problem }) & {
  readonly facts?: Facts;
};

export interface Operation {
  /** For the log: what is called, never on what. */
  readonly name: string;
  readonly run: (request: RequestInProgress) => Promise<Outcome>;
}

/** What may be done at an address. */
export type Operations = Readonly<Partial<Record<Method, Operation>>>;

/** One line of a function's table of routes. */
export interface Route {
  /** As in a rewrite of firebase.json: an exact path, or everything below one with `/**`. */
  readonly source: string;
  /** For the log, until the operation is known; undefined: `unknown`. */
  readonly name?: string;
  /** What a page of an allowed origin may send; undefined: no CORS. */
  readonly cors?: CrossOrigin;
  /**
   * What is at an address that matches `source`; undefined for nothing.
   *
   * @throws Problem
   */
  readonly operationsAt: (request: IncomingRequest) => Operations | undefined;
}

/** A request that has been answered, for its trace. Nothing but `request` was said by its caller. */
export interface FinishedRequest {
  readonly request: IncomingRequest;
  /** As in the log. */
  readonly route: string;
  readonly outcome: string;
  readonly status: number;
  /** By `Clock.elapsed`, ms. */
  readonly from: number;
  readonly to: number;
  readonly steps: NonNullable<Facts['steps']>;
}

/** A function's routes and limits, as configured. */
export interface Service {
  readonly routes: readonly Route[];
  readonly allowedOrigins: ReadonlySet<string>;
  readonly maxInFlight: number;
  /** Must never appear in a log. */
  readonly secrets: readonly string[];
  /**
   * Called when a request has been answered and logged; the handler waits for it, and the instance
   * for the handler when it stops. Must not reject.
   */
  readonly afterwards?: ((finished: FinishedRequest) => Promise<void>) | undefined;
}

export interface ServeOptions {
  /** The sources of all routes, known without any configuration. */
  readonly sources: readonly string[];
  /**
   * Called with each request; it should do its work once.
   *
   * @throws Problem `misconfigured`
   */
  readonly service: () => Service;
  /** What the function adds to its problems; undefined: nothing. */
  readonly problemMembers?: ProblemMembers;
  /** For one request, in ms. */
  readonly timeoutMs: number;
  /** PATH_PREFIX: what precedes each source on a site that is not the bridge's alone. */
  readonly pathPrefix: string | undefined;
  /** For the trace and the commands in log entries. */
  readonly projectId: string | undefined;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly log: (entry: LogEntry) => void;
}

function matches(source: string, path: string): boolean {
  return source.endsWith('/**') ? path.startsWith(source.slice(0, -2)) : path === source;
}

/** Resolves when the system has all of an answer, or its caller is gone. */
function whenSent(response: ServerResponse): Promise<void> {
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => response.once('close', resolve));
}

function gone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  // The caller may have hung up while the handler was loaded.
  if (response.destroyed) controller.abort(new ClientGone());
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new ClientGone());
  });
  return controller.signal;
}

/**
 * HEAD is GET whose body Node does not send (RFC 9110, 9.3.2): the same work, status and headers.
 *
 * @throws Problem `method-not-allowed`
 */
function operationOf(operations: Operations, given = ''): Operation {
  const method = given === 'HEAD' ? 'GET' : given;
  // Own keys only: `constructor` is no method.
  const operation = Object.hasOwn(operations, method) ? operations[method as Method] : undefined;
  if (operation) return operation;
  const allowed = Object.keys(operations).flatMap((each) =>
    each === 'GET' ? ['GET', 'HEAD'] : each,
  );
  throw new Problem('method-not-allowed', { allow: allowed.join(', ') });
}

/**
 * Builds a function's handler from its table of routes: one request, one answer, one log entry.
 * Every request is answered, whatever its target, and every failure with a documented code.
 */
export function serve(options: ServeOptions): Handler {
  const { sources, clock, log, newRequestId, projectId } = options;
  const inFlight = inFlightCount();
  let prefix: string | undefined;

  return async (request, response) => {
    const start = clock.elapsed();
    const deadline = deadlineIn(options.timeoutMs, clock);
    const requestId = requestIdOf(request, newRequestId);
    let path = pathOf(request);
    let name = 'unknown';
    let secrets: readonly string[] = [];
    let afterwards: Service['afterwards'];
    let cors: Readonly<Record<string, string>> = {};
    let facts: Facts = {};
    let problem: Problem | undefined;

    async function answer(): Promise<Answer> {
      prefix ??= parsePathPrefix(options.pathPrefix);
      stripPrefix(request, prefix);
      path = pathOf(request);
      if (!sources.some((source) => matches(source, path))) throw new Problem('not-found');
      const service = options.service();
      ({ secrets, afterwards } = service);
      const route = service.routes.find(({ source }) => matches(source, path));
      if (!route) throw new Problem('not-found');
      name = route.name ?? name;
      const origin = header(request, 'origin');
      if (route.cors) cors = corsHeaders(origin, service.allowedOrigins);
      if (request.method === 'OPTIONS' && route.cors) {
        // Before anything that may be refused: a page cannot read a refused preflight, so it would
        // never learn why the call itself is.
        const preflight = preflightHeaders(origin, service.allowedOrigins, route.cors);
        if (preflight) return { status: 204, headers: preflight, body: '' };
      }
      inFlight.requireRoom(service.maxInFlight);
      const operations = route.operationsAt(request);
      if (!operations) throw new Problem('not-found');
      const operation = operationOf(operations, request.method);
      ({ name } = operation);
      const outcome = await operation.run({
        request,
        requestId,
        deadline,
        whenGone: () => gone(response),
      });
      facts = outcome.facts ?? {};
      if ('problem' in outcome) throw outcome.problem;
      return outcome.answer;
    }

    async function reply({ status, headers, body }: Answer): Promise<number> {
      const all = { ...commonHeaders(requestId), ...cors, ...headers };
      await writeAnswer(request, response, { status, headers: all, body });
      return status;
    }

    const status = await inFlight.during(async () => {
      try {
        return await reply(await answer());
      } catch (error) {
        if (error instanceof ClientGone) return CLIENT_GONE_STATUS;
        problem = asProblem(error);
        const language = preferredLanguage(header(request, 'accept-language'));
        const refusal = problemAnswer(problem, requestId, language, (given, detail) => ({
          ...options.problemMembers?.(path, given, detail),
        }));
        // An answer that was under way has been broken off.
        return response.headersSent ? refusal.status : reply(refusal);
      }
    });
    const end = clock.elapsed();
    const ended = { ...facts, route: name, status, problem };
    log({
      ...requestEntry({ ...ended, requestId, totalMs: end - start, projectId, secrets }),
      ...traceFields(request.headers, projectId),
    });
    if (!afterwards) return;
    await whenSent(response);
    const outcome = outcomeOf(ended);
    await afterwards({
      ...{ request, route: name, outcome, status },
      ...{ from: start, to: end, steps: facts.steps ?? [] },
    });
  };
}
