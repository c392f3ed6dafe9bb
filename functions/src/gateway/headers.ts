import type { IncomingHttpHeaders } from 'node:http';
import { CHALLENGE } from '../http/answer';
import { header, type IncomingRequest } from '../http/request';
import { Problem } from '../problem';
import { isIdTokenOf } from './id-token';
import type { UpstreamName } from './upstreams';

const BEARER = 'Bearer ';

/** The bridge hands out App Check tokens; Google asks for them where the developer enforces them. */
const APP_CHECK_TOKEN = /^[\w-]{1,8192}\.[\w-]{1,8192}\.[\w-]{1,8192}$/;

function appCheck(request: IncomingRequest): Record<string, string> {
  const given = header(request, 'x-firebase-appcheck');
  return given !== undefined && APP_CHECK_TOKEN.test(given) ? { 'X-Firebase-AppCheck': given } : {};
}

/** @throws Problem `unauthenticated` for everything but an ID token of this project's. */
function authorization(request: IncomingRequest, projectId: string): Record<string, string> {
  const given = header(request, 'authorization');
  if (given === undefined) return {};
  if (!given.startsWith(BEARER) || !isIdTokenOf(projectId, given.slice(BEARER.length))) {
    throw new Problem('unauthenticated');
  }
  return { Authorization: given };
}

/**
 * The headers of a call to Google, made anew: of the caller's own only the ID token is taken, and
 * only for Firestore, whose rules judge it, and an App Check token. Cookies, forwarding and
 * hop-by-hop headers, method overrides and Google's routing and quota headers (`X-Goog-…`) therefore
 * end here.
 *
 * @throws Problem `unauthenticated`
 */
export function upstreamHeaders(
  request: IncomingRequest,
  upstream: UpstreamName,
  projectId: string,
  body: Buffer | undefined,
): Record<string, string> {
  return {
    Accept: 'application/json',
    // An answer is passed on as it comes: compressed, its size would say nothing.
    'Accept-Encoding': 'identity',
    ...appCheck(request),
    ...(upstream === 'firestore' && authorization(request, projectId)),
    ...(body && { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }),
  };
}

/** Seconds, as Google sends it; the form with a date is not used there. */
const SECONDS = /^\d{1,6}$/;

/**
 * The headers of an answer that are passed on. What is not JSON, such as the error page of one of
 * Google's front ends, must not become a page of the developer's domain: it goes out as plain text.
 */
export function answerHeaders(
  status: number,
  upstream: IncomingHttpHeaders,
): Record<string, string> {
  const type = upstream['content-type'] ?? '';
  const retryAfter = upstream['retry-after'] ?? '';
  return {
    'Content-Type': /^application\/json(?:;|$)/i.test(type) ? type : 'text/plain; charset=utf-8',
    ...(SECONDS.test(retryAfter) && { 'Retry-After': retryAfter }),
    ...(status === 401 && CHALLENGE),
  };
}
