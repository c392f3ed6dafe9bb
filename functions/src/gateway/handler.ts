import type { Response } from 'firebase-functions/https';
import type { LogEntry } from 'firebase-functions/logger';
import type { Clock } from '../clock';
import { commonHeaders, problemAnswer } from '../http/answer';
import { preferredLanguage } from '../http/language';
import { header, requestIdOf } from '../http/request';
import { leaveRestUnread } from '../server/unread-rest';
import type { KeptAliveSockets } from '../upstream/kept-alive-sockets';
import { requestEntry } from '../log/request-entry';
import { Problem } from '../problem';
import { clientOf } from '../limits/client-address';
import { inFlightCount } from '../http/in-flight';
import type { Asking } from './circuit-breakers';
import { ask, ClientGone, relay, type UpstreamCall } from './forward';
import { answerHeaders } from './headers';
import { planFor, type GatewayRequest, type GatewayTrail } from './plan';
import type { GatewaySettings } from './settings';

export interface GatewayEffects {
  /** @throws Problem `misconfigured` */
  readonly settings: () => GatewaySettings;
  readonly asking: Asking;
  readonly sockets: KeptAliveSockets;
  readonly clock: Clock;
  /** Milliseconds for one call to Google, up to the last byte of its answer. */
  readonly timeoutMs: number;
  readonly newRequestId: () => string;
  readonly log: (entry: LogEntry) => void;
}

/** As nginx logs it: nobody is there any more to be told. */
const CLIENT_GONE_STATUS = 499;

/** Ends with the time, or with the caller: nobody waits for the rest then. */
function endOf(response: Response, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new Problem('upstream-timeout'));
  }, timeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new ClientGone());
  });
  return controller.signal;
}

/**
 * Serves the addresses of Google's that a Firebase client needs, from the developer's own domain:
 * one request in, one answer out, one log entry. Google's errors are passed on as they are, the
 * gateway's own are `application/problem+json`.
 */
export function createGatewayHandler(effects: GatewayEffects) {
  const { settings, asking, sockets, clock, timeoutMs, newRequestId, log } = effects;

  const inFlight = inFlightCount();

  return async (request: GatewayRequest, response: Response): Promise<void> => {
    const start = clock.elapsed();
    const requestId = requestIdOf(request, newRequestId);
    const trail: GatewayTrail = { route: 'unknown', cors: {} };

    function begin(status: number, headers: Readonly<Record<string, string>>): Response {
      leaveRestUnread(request, response);
      return response
        .status(status)
        .set({ ...commonHeaders(requestId), ...trail.cors, ...headers });
    }

    async function passOn(call: UpstreamCall): Promise<number> {
      const signal = endOf(response, timeoutMs);
      const { address } = clientOf(
        {
          forwardedFor: header(request, 'x-forwarded-for'),
          hostingClient: header(request, 'fastly-client-ip'),
          peer: request.socket?.remoteAddress,
        },
        () => false,
      );
      const { status, headers, body } = await asking(call.upstream, address, () =>
        ask(call, sockets, signal),
      );
      begin(status, answerHeaders(status, headers));
      await relay(body, response, signal);
      return status;
    }

    async function answer(): Promise<number> {
      const current = settings();
      inFlight.requireRoom(current.maxInFlight);
      const plan = await planFor(request, current, trail);
      if (plan.kind === 'call') return passOn(plan.call);
      const { status, headers, body } = plan.answer;
      begin(status, headers).send(body);
      return status;
    }

    function refuse(problem: Problem): number {
      const language = preferredLanguage(header(request, 'accept-language'));
      const { status, headers, body } = problemAnswer(problem, requestId, language);
      // Where an answer is already under way it has been broken off.
      if (!response.headersSent) begin(status, headers).send(body);
      return status;
    }

    let problem: Problem | undefined;
    const status = await inFlight.during(answer).catch((error: unknown) => {
      if (error instanceof ClientGone) return CLIENT_GONE_STATUS;
      problem = error instanceof Problem ? error : new Problem('internal', { cause: error });
      return refuse(problem);
    });
    const ms = { total: clock.elapsed() - start };
    const { route } = trail;
    log(requestEntry({ route, requestId, status, uid: undefined, ms, problem, secrets: [] }));
  };
}
