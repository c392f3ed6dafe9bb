import type { IncomingHttpHeaders } from 'node:http';
import { refuse, type Refusal } from './call-result';
import { OPEN_API_PATHS, type OpenApiPath } from './fault';
import { equalInConstantTime, explainMismatch, tikiSignature } from './signature';

/** A request with its complete body. */
export interface ReceivedRequest {
  readonly method: string;
  /** The request target as received, including the query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the body was over the limit; `body` is then truncated. */
  readonly bodyTooLarge: boolean;
}

export interface AcceptedRequest {
  readonly path: OpenApiPath;
  readonly method: string;
  /** The text after `?`, as it was sent. Only with GET. */
  readonly query: string;
  /** Only with POST. */
  readonly body: Buffer;
}

export interface SignatureRules {
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly timestampToleranceMs: number;
}

/** The production API. A client key belongs to one environment, so there is no sandbox path. */
export const API_PATH = '/tiniapp-open-api';

const POST = ['POST'] as const;
const GET = ['GET'] as const;

/** By path. */
export const METHODS: Readonly<Record<OpenApiPath, readonly string[]>> = {
  '/oauth/auth/token': POST,
  '/oauth/auth/token/refresh': POST,
  '/oauth/me': POST,
  '/order/multi-sku': POST,
  '/order': [...GET, ...POST],
  '/order/list': GET,
  '/order/complete': POST,
  '/order/cancel': POST,
};

/**
 * Checks everything that does not depend on what a call is about. The signature is verified before
 * anything is parsed.
 */
export function checkRequest(
  request: ReceivedRequest,
  rules: SignatureRules,
  now: number,
): AcceptedRequest | Refusal {
  const { method, target, body } = request;
  const path = servedPath(target);
  if (path === undefined) return refuse('not_found', `unknown path ${target}`);
  const methods = METHODS[path];
  if (!methods.includes(method)) {
    return refuse('method_not_allowed', `the method is ${method}; use ${methods.join(' or ')}`);
  }
  const contentType = request.headers['content-type'] ?? '(none)';
  if (
    method === 'POST' &&
    !/^application\/json(\s*;\s*charset="?utf-8"?)?\s*$/i.test(contentType)
  ) {
    return refuse('unsupported_media_type', `Content-Type is ${contentType}; use application/json`);
  }
  if (request.bodyTooLarge) return refuse('payload_too_large', 'body is too large');
  const signatureProblem = findSignatureProblem(request, rules, now);
  if (signatureProblem !== undefined) return refuse('invalid_signature', signatureProblem);
  const query = target.split('?').slice(1).join('?');
  if (method === 'POST' && target.includes('?')) {
    return refuse('invalid_request', 'a POST has no query');
  }
  if (method === 'GET' && body.length > 0) return refuse('invalid_request', 'a GET has no body');
  return { path, method, query, body };
}

/** Exact: no trailing or doubled slash, nothing percent-encoded, and a query only where one belongs. */
export function servedPath(target: string): OpenApiPath | undefined {
  const [bare = ''] = target.split('?');
  return OPEN_API_PATHS.find(
    (path) => `${API_PATH}${path}` === (METHODS[path].includes('GET') ? bare : target),
  );
}

/** What is signed: the exact body, or the path below the base URL with its query. */
function signedContent({ method, target, body }: ReceivedRequest): Buffer {
  return method === 'GET' ? Buffer.from(target.slice(API_PATH.length)) : body;
}

/** Returns what is wrong with the three signature headers, or undefined if they are valid. */
function findSignatureProblem(
  request: ReceivedRequest,
  rules: SignatureRules,
  now: number,
): string | undefined {
  const { headers } = request;
  const clientId = header(headers, 'x-tiniapp-client-id');
  const olderClientKey = header(headers, 'x-tiniapp-client-key');
  const timestamp = header(headers, 'x-tiniapp-timestamp');
  const signature = header(headers, 'x-tiniapp-signature');

  if (clientId === undefined) return 'X-Tiniapp-Client-Id is missing';
  if (!equalInConstantTime(clientId, rules.clientKey)) {
    return 'X-Tiniapp-Client-Id is not the client key of this app and environment';
  }
  if (olderClientKey !== undefined && olderClientKey !== clientId) {
    return 'X-Tiniapp-Client-Key differs from X-Tiniapp-Client-Id';
  }
  if (timestamp === undefined) return 'X-Tiniapp-Timestamp is missing';
  const timestampProblem = findTimestampProblem(timestamp, now, rules.timestampToleranceMs);
  if (timestampProblem !== undefined) return timestampProblem;

  if (signature === undefined) return 'X-Tiniapp-Signature is missing';
  const signed = { timestamp, clientKey: rules.clientKey, content: signedContent(request) };
  return equalInConstantTime(signature, tikiSignature(rules.clientSecret, signed))
    ? undefined
    : explainMismatch(rules.clientSecret, signed, signature);
}

function findTimestampProblem(
  timestamp: string,
  now: number,
  toleranceMs: number,
): string | undefined {
  if (!/^[1-9]\d{0,15}$/.test(timestamp)) {
    return 'X-Tiniapp-Timestamp is not a decimal number of epoch milliseconds';
  }
  const offset = Number(timestamp) - now;
  if (Math.abs(offset) <= toleranceMs) return undefined;
  if (Math.abs(Number(timestamp) * 1000 - now) <= toleranceMs + 1000) {
    return 'X-Tiniapp-Timestamp is in seconds; use milliseconds';
  }
  return (
    `X-Tiniapp-Timestamp is ${Math.abs(offset)} ms ${offset < 0 ? 'old' : 'ahead'}; ` +
    `the tolerance is ${toleranceMs} ms`
  );
}

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
