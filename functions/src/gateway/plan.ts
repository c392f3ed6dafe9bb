import type { Request } from 'firebase-functions/https';
import type { Answer } from '../http/answer';
import { corsHeaders, preflightHeaders, type CrossOrigin } from '../http/cors';
import { readBody, type BodyBounds } from '../http/read-body';
import { header, requireSmallJson, type IncomingRequest } from '../http/request';
import { dropBody } from '../server/unread-rest';
import { Problem } from '../problem';
import type { UpstreamCall } from './forward';
import { upstreamHeaders } from './headers';
import { placeAt, type Method, type Operation, type Place } from './routes';
import type { GatewaySettings } from './settings';
import { parseTarget, readQuery, type Target } from './target';
import { validationFileAt } from './validation-file';

/** A whole batch of writes in a mini program's measure; Firestore itself takes 10 MiB. */
const BODY: BodyBounds = { maxBytes: 256 * 1024, timeoutMs: 10_000 };

/** What the gateway needs of a request: the bridge's, and the target as it stood on the wire. */
export type GatewayRequest = IncomingRequest & Pick<Request, 'url'>;

/** What is known of a request so far; also where it is refused in the end. */
export interface GatewayTrail {
  /** For the log. */
  route: string;
  cors: Readonly<Record<string, string>>;
}

/** What becomes of a request: an answer of the gateway's own, or a call to Google. */
export type Plan =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'call'; readonly call: UpstreamCall };

/** What the calls of a Firebase client need. */
const CROSS_ORIGIN: CrossOrigin = {
  methods: 'GET, POST, PATCH, DELETE',
  headers: 'Authorization, Content-Type, Accept-Language, X-Firebase-AppCheck, X-Request-Id',
};

function operationAt({ operations }: Place, method: string): Operation {
  // An own key of the table is one of its methods; a name that a prototype lends is not.
  const operation = Object.hasOwn(operations, method) ? operations[method as Method] : undefined;
  if (operation) return operation;
  throw new Problem('method-not-allowed', { allow: Object.keys(operations).join(', ') });
}

/** A body where the method has one; whatever else was sent is dropped here. */
async function bodyOf(request: GatewayRequest): Promise<Buffer | undefined> {
  if (request.method !== 'POST' && request.method !== 'PATCH') {
    dropBody(request);
    return undefined;
  }
  requireSmallJson(request, BODY.maxBytes);
  return (await readBody(request, BODY)) ?? Buffer.alloc(0);
}

async function callTo(
  place: Place,
  operation: Operation,
  request: GatewayRequest,
  target: Target,
  settings: GatewaySettings,
): Promise<UpstreamCall> {
  const { upstream, parameters } = operation;
  const { pairs: query, apiKey } = readQuery(target.query, parameters);
  const body = await bodyOf(request);
  const headers = upstreamHeaders(request, upstream, settings.projectId, body);
  // Firestore needs no key: the project is in the path, and the rules are what guards it.
  if (upstream !== 'firestore') query.push(`key=${encodeURIComponent(settings.apiKey(apiKey))}`);
  return {
    upstream,
    base: settings.upstreams[upstream],
    path: place.path + (query.length === 0 ? '' : `?${query.join('&')}`),
    method: request.method,
    headers,
    body,
  };
}

function answered(status: number, headers: Readonly<Record<string, string>>, body = ''): Plan {
  return { kind: 'answer', answer: { status, headers, body } };
}

/**
 * Decides what becomes of a request. Nothing is passed on that is not on a list: no path, method,
 * parameter or header.
 *
 * @throws Problem
 */
export async function planFor(
  request: GatewayRequest,
  settings: GatewaySettings,
  trail: GatewayTrail,
): Promise<Plan> {
  const target = parseTarget(request.url);
  if (!target) throw new Problem('not-found');
  const file = validationFileAt(target.path, settings.validationFiles);
  if (file !== undefined) {
    trail.route = 'tiki-validation-code';
    if (request.method !== 'GET') throw new Problem('method-not-allowed', { allow: 'GET' });
    return answered(200, { 'Content-Type': 'text/plain; charset=utf-8' }, file);
  }
  const place = placeAt(target.path, settings.projectId);
  if (!place) throw new Problem('not-found');
  const origin = header(request, 'origin');
  trail.cors = corsHeaders(origin, settings.allowedOrigins);
  if (request.method === 'OPTIONS') {
    const preflight = preflightHeaders(origin, settings.allowedOrigins, CROSS_ORIGIN);
    if (preflight) return answered(204, preflight);
  }
  const operation = operationAt(place, request.method);
  trail.route = operation.name;
  return { kind: 'call', call: await callTo(place, operation, request, target, settings) };
}
