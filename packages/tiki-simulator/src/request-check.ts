import type { IncomingHttpHeaders } from 'node:http';
import { OPEN_API_PATHS, type OpenApiPath } from './fault';
import { equalInConstantTime, explainMismatch, tikiSignature } from './signature';
import type { FailureReason } from './types';

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

export interface Refusal {
  readonly reason: FailureReason;
  /** For the developer, in the call log; not part of the answer. */
  readonly problem: string;
}

export interface AcceptedRequest {
  readonly path: OpenApiPath;
  /** The code or token in the body. */
  readonly credential: string;
}

export interface SignatureRules {
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly timestampToleranceMs: number;
}

/** The production API. A client key belongs to one environment, so there is no sandbox path. */
export const API_PATH = '/tiniapp-open-api';

/** The only key in the body of each call. */
const BODY_KEY: Readonly<Record<OpenApiPath, string>> = {
  '/oauth/auth/token': 'code',
  '/oauth/auth/token/refresh': 'refresh_token',
  '/oauth/me': 'access_token',
};

/**
 * Checks everything that does not depend on issued codes and tokens. The signature is verified
 * before the body is parsed.
 */
export function checkRequest(
  request: ReceivedRequest,
  rules: SignatureRules,
  now: number,
): AcceptedRequest | Refusal {
  const path = servedPath(request.target);
  if (path === undefined) {
    return { reason: 'not_found', problem: `there is no ${request.target}` };
  }
  if (request.method !== 'POST') {
    return { reason: 'method_not_allowed', problem: `the method is ${request.method}; use POST` };
  }
  const contentType = request.headers['content-type'] ?? '(none)';
  if (!/^application\/json(\s*;\s*charset="?utf-8"?)?\s*$/i.test(contentType)) {
    return {
      reason: 'unsupported_media_type',
      problem: `Content-Type is ${contentType}; use application/json`,
    };
  }
  if (request.bodyTooLarge) {
    return { reason: 'payload_too_large', problem: 'body is too large' };
  }
  const signatureProblem = findSignatureProblem(request, rules, now);
  if (signatureProblem !== undefined) {
    return { reason: 'invalid_signature', problem: signatureProblem };
  }
  const credential = readCredential(request.body, BODY_KEY[path]);
  if (credential === undefined) {
    return {
      reason: 'invalid_request',
      problem: `body must be a JSON object with the one key "${BODY_KEY[path]}", a string`,
    };
  }
  return { path, credential };
}

/** Exact: no query, no trailing or doubled slash, nothing percent-encoded. */
export function servedPath(target: string): OpenApiPath | undefined {
  return OPEN_API_PATHS.find((path) => `${API_PATH}${path}` === target);
}

/** Returns what is wrong with the three signature headers, or undefined if they are valid. */
function findSignatureProblem(
  { headers, body }: ReceivedRequest,
  rules: SignatureRules,
  now: number,
): string | undefined {
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
  const signed = { timestamp, clientKey: rules.clientKey, content: body };
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

function readCredential(body: Buffer, key: string): string | undefined {
  let parsed: unknown;
  try {
    // Fatal, so that invalid UTF-8 is rejected instead of replaced.
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const [entry, ...others] = Object.entries(parsed);
  const [name, value]: readonly unknown[] = entry ?? [];
  return name === key && typeof value === 'string' && others.length === 0 ? value : undefined;
}
