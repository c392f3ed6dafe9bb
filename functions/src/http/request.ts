import type { Request } from 'firebase-functions/https';
import { Problem } from '../problem';
import { declaredBody } from './rawBodies';

export const MAX_BODY_BYTES = 16 * 1024;

/** What the handler needs of a request: so little that a test can write it down. */
export type IncomingRequest = Pick<Request, 'method' | 'path' | 'headers' | 'body'> & {
  readonly rawBody?: Buffer;
  readonly socket?: { readonly remoteAddress?: string | undefined };
};

/** A header's value; those that Node keeps in a list because they were repeated count as absent. */
export function header(request: IncomingRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** `application/json`, with or without parameters such as a charset. */
const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i;

/** @throws Problem `payload-too-large` or `unsupported-media-type`. */
export function requireSmallJson(request: IncomingRequest, maxBytes = MAX_BODY_BYTES): void {
  const bytes = request.rawBody?.length ?? Number(header(request, 'content-length') ?? 0);
  if (bytes > maxBytes) throw new Problem('payload-too-large');
  const { contentType = '', contentEncoding = 'identity' } = declaredBody(request);
  if (!JSON_TYPE.test(contentType) || contentEncoding !== 'identity') {
    throw new Problem('unsupported-media-type');
  }
}

/**
 * The JSON of a request's body: of its raw bytes, or what a framework has made of them where it
 * gives no raw bytes.
 *
 * @throws Problem `invalid-request`, which does not quote the body.
 */
export function jsonOf(request: IncomingRequest): unknown {
  const { rawBody } = request;
  if (!rawBody) return request.body;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)) as unknown;
  } catch {
    throw new Problem('invalid-request', { request: { body: 'not-json' } });
  }
}

/** A caller's own request id is kept if it is short and harmless: it ends up in logs and headers. */
const CALLERS_ID = /^[\w-]{8,64}$/;

export function requestIdOf(request: IncomingRequest, newId: () => string): string {
  const given = header(request, 'x-request-id');
  return given !== undefined && CALLERS_ID.test(given) ? given : newId();
}
