import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, type Answer } from './answer';
import { maskedCall } from './call-log';
import { deliver } from './deliver';
import { parseFaultRule } from './fault-input';
import { InvalidInput, openFields } from './fields';
import { parseIpnUrlRequest } from './ipn/ipn-url';
import { maskedMessage } from './ipn/masked-message';
import { parseIssueAuthCode } from './issue-input';
import { isLoopbackHost, isLoopbackOrigin } from './loopback';
import { parsePayment, parseTrigger } from './orders/order-input';
import { readBody, type Body } from './read-body';
import type { TikiSimulator } from './types';

/** The part of the simulator that the control API uses. */
export interface ControlledSimulator extends Pick<
  TikiSimulator,
  | 'calls'
  | 'issueAuthCode'
  | 'setFault'
  | 'orders'
  | 'messages'
  | 'pay'
  | 'trigger'
  | 'registerIpnUrl'
  | 'advance'
> {
  /** Returns the number of cleared rules. */
  clearFaults(): number;
  health(): Readonly<Record<string, unknown>>;
}

type Handler = (simulator: ControlledSimulator, body: unknown) => unknown;

/** A year. */
const LONGEST_ADVANCE_MS = 365 * 24 * 3_600_000;

const LARGEST_CONTROL_BODY = 1024 * 1024;
/** Of calls, of orders and of messages: the newest. */
const SHOWN = 100;

/** Path → method → handler; the result is sent as JSON. */
const ROUTES: Readonly<Partial<Record<string, Readonly<Partial<Record<string, Handler>>>>>> = {
  '/simulator/auth-codes': {
    POST: (simulator, body) => simulator.issueAuthCode(parseIssueAuthCode(body)),
  },
  '/simulator/faults': {
    POST: (simulator, body) => {
      const rule = parseFaultRule(body);
      simulator.setFault(rule);
      return { ...rule, times: rule.times === Infinity ? 'Infinity' : (rule.times ?? 1) };
    },
    DELETE: (simulator) => ({ cleared: simulator.clearFaults() }),
  },
  '/simulator/calls': {
    GET: (simulator) => ({ calls: simulator.calls.slice(-SHOWN).map(maskedCall) }),
  },
  '/simulator/orders': {
    GET: (simulator) => ({ orders: simulator.orders().slice(-SHOWN) }),
  },
  '/simulator/payments': {
    POST: (simulator, body) => simulator.pay(parsePayment(body)),
  },
  '/simulator/triggers': {
    POST: (simulator, body) => ({ order: simulator.trigger(parseTrigger(body)) }),
  },
  '/simulator/messages': {
    GET: (simulator) => ({ messages: simulator.messages.slice(-SHOWN).map(maskedMessage) }),
  },
  '/simulator/ipn-url': {
    POST: (simulator, body) => {
      const url = parseIpnUrlRequest(body);
      simulator.registerIpnUrl(url);
      return { url };
    },
  },
  '/simulator/time': {
    POST: async (simulator, body) => {
      const fields = openFields(body, 'the request');
      const ms = fields.integer('advanceMs', 0, LONGEST_ADVANCE_MS);
      fields.noOthers();
      await simulator.advance(ms);
      return { advanceMs: ms };
    },
  },
  '/simulator/health': {
    GET: (simulator) => simulator.health(),
  },
};

/** Serves a request under `/simulator`. */
export async function serveControlApi(
  request: IncomingMessage,
  response: ServerResponse,
  simulator: ControlledSimulator,
): Promise<void> {
  // Read even if the request is refused, so that the connection can be reused.
  const body = await readBody(request, LARGEST_CONTROL_BODY).catch(() => undefined);
  if (body !== undefined) deliver(response, await guarded(request, body, simulator), undefined);
}

async function guarded(
  request: IncomingMessage,
  body: Body,
  simulator: ControlledSimulator,
): Promise<Answer> {
  const { host, origin } = request.headers;
  if (!isLoopbackHost(host)) {
    return refusal(403, 'the control API is only available at 127.0.0.1 and localhost');
  }
  if (origin === undefined) return act(request, body, simulator);
  if (!isLoopbackOrigin(origin)) {
    return refusal(
      403,
      'the control API is only available to pages of http://127.0.0.1 and localhost',
    );
  }
  const answer = await act(request, body, simulator);
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(origin) } };
}

function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST, DELETE',
    'Access-Control-Allow-Headers': 'Content-Type',
    Vary: 'Origin',
  };
}

async function act(
  request: IncomingMessage,
  body: Body,
  simulator: ControlledSimulator,
): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?');
  const method = request.method ?? '';
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (route === undefined) return refusal(404, `the control API has no ${path}`);
  const allow = { Allow: Object.keys(route).join(', ') };
  if (method === 'OPTIONS') return { status: 204, headers: allow, body: '' };
  const handler = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handler === undefined) {
    const answer = refusal(405, `${path} allows ${allow.Allow}`);
    return { ...answer, headers: { ...answer.headers, ...allow } };
  }
  if (body.tooLarge) return refusal(413, 'the body is too large');
  if (method === 'POST' && !isJson(request)) {
    return refusal(415, 'Content-Type must be application/json');
  }
  try {
    const input: unknown = method === 'POST' ? parseJson(body.bytes) : undefined;
    return answerJson(200, JSON.stringify(await handler(simulator, input)));
  } catch (error) {
    if (error instanceof InvalidInput) return refusal(400, error.message);
    throw error;
  }
}

function refusal(status: number, error: string): Answer {
  return answerJson(status, JSON.stringify({ error }));
}

function isJson(request: IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new InvalidInput('the body must be JSON');
  }
}
