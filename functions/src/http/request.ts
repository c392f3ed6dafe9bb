import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Node's own request. `rawBody` is there only where a framework has already read the body. */
export type IncomingRequest = IncomingMessage & { readonly rawBody?: Buffer };

/** A header's value. For duplicate headers, Node keeps the first or joins them with a comma. */
export function header({ headers }: IncomingRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The scheme and host of a request in absolute form (RFC 9112, 3.2.2). */
const AUTHORITY = /^https?:\/\/[^/?#]*/i;

/**
 * Path and query of a request as they were sent, not decoded. A server has to accept the absolute form
 * too; which host it names makes no difference here, as with the `Host` header.
 */
export function targetOf({ url = '/' }: IncomingRequest): string {
  return url.replace(AUTHORITY, '');
}

/** The path of a request as it was sent: not decoded, without the query. */
export function pathOf(request: IncomingRequest): string {
  const [path = ''] = targetOf(request).split(/[?#]/, 1);
  return path;
}

/**
 * Makes a request to `/tiki/auth_exchange` one to `/auth_exchange`, in place: what answers it knows no
 * prefix. Hosting passes the whole path of a rewrite. A path without the prefix stays as it is, because
 * the function's own URL has none.
 */
export function stripPrefix(request: IncomingRequest, prefix: string): void {
  const target = targetOf(request);
  if (prefix !== '' && target.startsWith(`${prefix}/`)) request.url = target.slice(prefix.length);
}

/** A caller's request id is used if it is short and harmless: it ends up in logs and headers. */
const CALLERS_ID = /^[\w-]{8,64}$/;

export function requestIdOf(request: IncomingRequest, newId: () => string): string {
  const given = header(request, 'x-request-id');
  return given !== undefined && CALLERS_ID.test(given) ? given : newId();
}

/** `TRACE_ID/SPAN_ID;o=OPTIONS`: https://cloud.google.com/trace/docs/trace-context */
const CLOUD_TRACE = /^([0-9a-f]{32})\/\d{1,20}(?:;o=[0-3])?$/i;
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})$/;
/** As functions-framework makes them; Google's front end sends the same form. */
const EXECUTION_ID = /^[0-9a-z]{12}$/i;

/** The span that a request belongs to. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether whoever began the trace records it. */
  readonly isSampled: boolean;
}

/** What `traceparent` says, if it has its documented shape. A caller can send this header too. */
export function traceParent(headers: IncomingHttpHeaders): TraceParent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(String(headers['traceparent'] ?? '')) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & 1) === 1 };
}

/**
 * The fields by which Cloud Logging groups the entries of one request. A caller can send these
 * headers too, so a value counts only in its documented shape.
 *
 * @see https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
 */
export function traceFields(
  headers: IncomingHttpHeaders,
  projectId: string | undefined,
): Readonly<Record<string, unknown>> {
  const valueOf = (name: string) => String(headers[name] ?? '');
  const traceId =
    CLOUD_TRACE.exec(valueOf('x-cloud-trace-context'))?.[1] ?? traceParent(headers)?.traceId;
  const executionId = valueOf('function-execution-id');
  return {
    ...(traceId !== undefined &&
      projectId !== undefined && {
        'logging.googleapis.com/trace': `projects/${projectId}/traces/${traceId}`,
      }),
    ...(EXECUTION_ID.test(executionId) && {
      'logging.googleapis.com/labels': { execution_id: executionId },
    }),
  };
}
