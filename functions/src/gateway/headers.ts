import type { IncomingHttpHeaders } from 'node:http';
import { CHALLENGE } from '../http/answer';
import type { MediaType } from '../http/body';
import { header, type IncomingRequest } from '../http/request';
import { Problem } from '../problem';
import { isIdTokenOf } from './id-token';
import type { UpstreamName } from '../google/upstreams';

/** Schemes are case-insensitive, and any number of spaces may follow: RFC 9110, 11.1 and 11.4. */
const BEARER = /^Bearer +([^ ]+)$/i;

/** Minted by the login; Google requires them where the developer enforces App Check. */
const APP_CHECK_TOKEN = /^[\w-]{1,8192}\.[\w-]{1,8192}\.[\w-]{1,8192}$/;

function appCheck(request: IncomingRequest): Record<string, string> {
  const given = header(request, 'x-firebase-appcheck');
  return given !== undefined && APP_CHECK_TOKEN.test(given) ? { 'X-Firebase-AppCheck': given } : {};
}

/** Services that take an ID token as a header, and the scheme in which Firebase's SDK sends it. */
const SCHEMES: Readonly<Partial<Record<UpstreamName, string>>> = {
  firestore: 'Bearer',
  storage: 'Firebase',
};

/** @throws Problem `unauthenticated` for anything but an ID token of this project. */
function authorization(
  request: IncomingRequest,
  projectId: string,
  scheme: string,
): Record<string, string> {
  const given = header(request, 'authorization');
  if (given === undefined) return {};
  const token = BEARER.exec(given)?.[1] ?? '';
  if (!isIdTokenOf(projectId, token)) throw new Problem('unauthenticated');
  return { Authorization: `${scheme} ${token}` };
}

/** A body as it is sent to Google. */
export interface TypedBody {
  readonly type: MediaType;
  readonly bytes: Buffer;
}

/**
 * The headers of a call to Google, built from scratch. Only two of the caller's are copied: the ID
 * token, and only for Firestore and Storage, whose rules check it, and an App Check token. Cookies, forwarding
 * and hop-by-hop headers, method overrides and Google's routing and quota headers (`X-Goog-…`) are
 * dropped.
 *
 * @throws Problem `unauthenticated`
 */
export function upstreamHeaders(
  request: IncomingRequest,
  upstream: UpstreamName,
  projectId: string,
  body: TypedBody | undefined,
): Record<string, string> {
  const scheme = SCHEMES[upstream];
  return {
    Accept: 'application/json',
    // The size limit applies to the bytes that arrive, so they must not be compressed.
    'Accept-Encoding': 'identity',
    ...appCheck(request),
    ...(scheme !== undefined && authorization(request, projectId, scheme)),
    ...(body && { 'Content-Type': body.type, 'Content-Length': String(body.bytes.length) }),
  };
}

/** Whether an answer is declared as JSON, the form in which Google's services answer. */
export function isJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** Google sends seconds, never a date. */
const SECONDS = /^\d{1,6}$/;

/**
 * The headers of an answer that are passed on. Anything but JSON, such as an error page of Google's
 * front end, is sent as plain text: it must not become a page on the developer's domain.
 */
export function answerHeaders(
  status: number,
  upstream: IncomingHttpHeaders,
): Record<string, string> {
  const type = upstream['content-type'] ?? '';
  const retryAfter = upstream['retry-after'] ?? '';
  return {
    'Content-Type': isJson(upstream) ? type : 'text/plain; charset=utf-8',
    ...(SECONDS.test(retryAfter) && { 'Retry-After': retryAfter }),
    ...(status === 401 && CHALLENGE),
  };
}
