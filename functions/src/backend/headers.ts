import type { IncomingHttpHeaders } from 'node:http';
import { header, type IncomingRequest } from '../http/request';

/**
 * What a backend gets of the caller's headers. A list of what is allowed, because too many others mean
 * something to Google's front end or to frameworks: `X-Serverless-Authorization` (which Cloud Run
 * prefers to `Authorization`), `X-Goog-…`, `X-Forwarded-…`, `X-HTTP-Method-Override`, `Forwarded`,
 * `Cookie`, `X-Tiki-User` itself, and everything that is for one connection only.
 */
const TO_BACKEND = [
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'user-agent',
] as const;

/**
 * What a caller gets of the backend's: about the content, and what confines a page or a file on the
 * origin that the session's worker shares. Not `Set-Cookie`, which could replace the session, nor CORS
 * headers, which `ALLOWED_ORIGINS` decides about.
 */
const TO_CALLER = [
  'accept-ranges',
  'content-disposition',
  'content-language',
  'content-range',
  'content-security-policy',
  'content-type',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'etag',
  'last-modified',
  'permissions-policy',
  'referrer-policy',
  'retry-after',
  'x-frame-options',
] as const;

/** Proof of who calls, and for whom. */
export interface Proof {
  /** For the service's IAM; undefined in the emulator. */
  readonly idToken: string | undefined;
  /** For the service itself. */
  readonly userToken: string;
  /** By which its log and the bridge's can be read together. */
  readonly requestId: string;
}

/** The headers of a call, built from scratch. */
export function backendHeaders(
  request: IncomingRequest,
  { idToken, userToken, requestId }: Proof,
): Record<string, string> {
  const copied = TO_BACKEND.flatMap((name) => {
    const value = header(request, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(copied),
    // The size limit applies to the bytes that arrive.
    'accept-encoding': 'identity',
    ...(idToken !== undefined && { authorization: `Bearer ${idToken}` }),
    'x-tiki-user': userToken,
    'x-request-id': requestId,
  };
}

/** The headers of an answer that are passed on. It is one user's: no cache may keep it. */
export function callerHeaders(
  answered: IncomingHttpHeaders,
  setCookie: string | undefined,
): Record<string, string> {
  const copied = TO_CALLER.flatMap((name) => {
    const value = answered[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(copied),
    // Hosting removes `Set-Cookie` from an answer that is not `private`.
    'Cache-Control': 'private, no-store',
    ...(setCookie !== undefined && { 'Set-Cookie': setCookie }),
  };
}
