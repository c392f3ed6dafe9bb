import type { Request } from 'firebase-functions/https';
import { Problem } from '../problem';
import { declaredBody, type DeclaredBody } from '../server/unread-bodies';

/** What the handler needs of a request: so little that a test can write it down. */
export type IncomingRequest = Pick<Request, 'method' | 'path' | 'headers' | 'body'> & {
  readonly rawBody?: Buffer;
  readonly socket?: { readonly remoteAddress?: string | undefined };
};

/** A header's value. Of one that comes twice Node takes the first, or joins them with a comma. */
export function header(request: IncomingRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** `application/json`, with or without parameters such as a charset. */
const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i;

/** By what its headers say. @throws Problem `payload-too-large` or `unsupported-media-type`. */
export function requireSmallJson(request: IncomingRequest, maxBytes: number): void {
  const declared = declaredBody(request);
  const length = declared?.contentLength ?? Number(header(request, 'content-length') ?? 0);
  if (length > maxBytes) throw new Problem('payload-too-large');
  const {
    contentType = '',
    contentEncoding = 'identity',
  }: Pick<DeclaredBody, 'contentType' | 'contentEncoding'> = declared ?? {
    contentType: header(request, 'content-type'),
    contentEncoding: header(request, 'content-encoding'),
  };
  if (!JSON_TYPE.test(contentType) || contentEncoding !== 'identity') {
    throw new Problem('unsupported-media-type');
  }
}

/** @throws Problem `invalid-request`, which does not quote the body. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
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
