import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { version } from '../../package.json';
import type { Clock } from '../clock';
import type { KeptToken } from '../google/kept-token';
import type { TraceParent } from '../http/request';
import type { FinishedRequest } from '../http/serve';

export interface ExportSettings {
  /** Where an OTLP/HTTP collector takes traces: `https://telemetry.googleapis.com/v1/traces`. */
  readonly endpoint: string;
  /** As the traces name this function. */
  readonly service: string;
  readonly projectId: string | undefined;
  /** Of the account that this function runs as; sent to Google's own collector only. */
  readonly tokens: KeptToken;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
}

/** One export with its repetitions, ms: two of them fit into what an instance has after SIGTERM. */
const EXPORT_MS = 2_000;
/** More are dropped: about two hundred logins. */
export const MAX_QUEUED_SPANS = 1_024;

/** Google's collector, global or of a region. */
const GOOGLES = /^telemetry(?:\.[a-z\d-]+\.rep)?\.googleapis\.com$/;

/** A method is the caller's word: https://opentelemetry.io/docs/specs/semconv/http/http-spans */
const METHODS: ReadonlySet<unknown> = new Set(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);

/** Queues the spans of a request, and resolves when they are exported. Rejects if they cannot be. */
export type ExportTrace = (
  finished: FinishedRequest,
  parent: TraceParent | undefined,
) => Promise<void>;

/** All that a trace tells: no id, code, token or address of a user. */
function attributesOf({ request, route, outcome, status }: FinishedRequest) {
  return {
    'http.request.method': METHODS.has(request.method) ? request.method : '_OTHER',
    'http.route': `/${route}`,
    'http.response.status_code': status,
    'tiki_bridge.outcome': outcome,
  };
}

function otlp({ endpoint, tokens }: ExportSettings): SpanExporter {
  const isGoogles = GOOGLES.test(new URL(endpoint).hostname);
  return new OTLPTraceExporter({
    url: endpoint,
    ...(isGoogles && {
      headers: async () => ({ Authorization: `Bearer ${await tokens.current()}` }),
    }),
    timeoutMillis: EXPORT_MS,
    // A connection does not survive a freeze.
    keepAlive: false,
  });
}

/**
 * Everything is exported right after an answer: between requests an instance may be frozen.
 *
 * @param openExporter Replaces OTLP in tests.
 */
export function createExport(settings: ExportSettings, openExporter = otlp): ExportTrace {
  const { service, projectId, clock } = settings;
  const processor = new BatchSpanProcessor(openExporter(settings), {
    maxQueueSize: MAX_QUEUED_SPANS,
    maxExportBatchSize: MAX_QUEUED_SPANS,
    exportTimeoutMillis: EXPORT_MS,
    // Never by the clock, which stands still while an instance is frozen.
    scheduledDelayMillis: 2 ** 31 - 1,
  });
  const tracer = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      // Google's collector demands it.
      ...(projectId !== undefined && { 'gcp.project_id': projectId }),
    }),
    spanProcessors: [processor],
  }).getTracer('tiki-firebase-bridge', version);
  let last = Promise.resolve();

  return (finished, parent) => {
    const epoch = clock.now() - clock.elapsed();
    const above = parent
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId: parent.traceId,
          spanId: parent.spanId,
          traceFlags: TraceFlags.SAMPLED,
          isRemote: true,
        })
      : ROOT_CONTEXT;
    const span = tracer.startSpan(
      finished.route,
      {
        kind: SpanKind.SERVER,
        startTime: epoch + finished.from,
        attributes: attributesOf(finished),
      },
      above,
    );
    for (const { name, from, to, failed } of finished.steps) {
      const options = { kind: SpanKind.CLIENT, startTime: epoch + from };
      const step = tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, span));
      if (failed) step.setStatus({ code: SpanStatusCode.ERROR });
      step.end(epoch + to);
    }
    if (finished.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(epoch + finished.to);
    // One after the other, each with all that has been queued meanwhile.
    last = last.catch(() => undefined).then(() => processor.forceFlush());
    return last;
  };
}
