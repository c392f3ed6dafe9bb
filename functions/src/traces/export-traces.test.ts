import { InMemorySpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { FinishedRequest } from '../http/serve';
import { createExport, MAX_QUEUED_SPANS } from './export-traces';

// Over OTLP, to a collector of its own: test/process/traces.

const PARENT = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), isSampled: true };

function finished(changed: { readonly method?: string; readonly status?: number } = {}) {
  const { method = 'POST', status = 200 } = changed;
  return {
    request: { method, headers: {} },
    ...{ route: 'auth_exchange', outcome: 'ok', status, from: 10, to: 30 },
    steps: [{ name: 'tiki', from: 15, to: 20, failed: status !== 200 }],
    // All that is read of a request.
  } as unknown as FinishedRequest;
}

/** An export whose collector answers when it is told to. */
function startExport(options: { readonly isAnswering: boolean; readonly projectId?: string }) {
  const collector = new InMemorySpanExporter();
  const waiting: (() => void)[] = [];
  let { isAnswering } = options;
  const exporter: SpanExporter = {
    export: (batch, done) => {
      const answer = () => {
        collector.export(batch, done);
      };
      if (isAnswering) answer();
      else waiting.push(answer);
    },
    shutdown: () => Promise.resolve(),
  };
  const exportTrace = createExport(
    {
      endpoint: 'https://collector.example/v1/traces',
      service: 'auth',
      projectId: options.projectId,
      tokens: {} as never,
      clock: { now: () => 1_000_000, elapsed: () => 40 },
    },
    () => exporter,
  );
  return {
    exportTrace,
    exported: () => collector.getFinishedSpans(),
    answer: () => {
      isAnswering = true;
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

describe('an export of traces', () => {
  it('has a span for the request and one below it for each step, with the time by the clock', async () => {
    const { exportTrace, exported } = startExport({ isAnswering: true, projectId: 'shop' });
    await exportTrace(finished(), PARENT);
    const spans = exported();

    const [root, step] = spans.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(root?.parentSpanContext?.spanId).toBe(PARENT.spanId);
    expect(step?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(spans.map((span) => span.spanContext().traceId)).toEqual(
      spans.map(() => PARENT.traceId),
    );
    // Seconds and ns: 10 ms on the stopwatch was 30 ms before now.
    expect([root?.startTime, root?.endTime]).toEqual([
      [999, 970_000_000],
      [999, 990_000_000],
    ]);
    expect(root?.resource.attributes).toMatchObject({ 'gcp.project_id': 'shop' });
  });

  it('begins a trace where nobody has begun one', async () => {
    const { exportTrace, exported } = startExport({ isAnswering: true });
    await exportTrace(finished(), undefined);
    const spans = exported();

    expect(spans).toHaveLength(2);
    expect(spans.map(({ parentSpanContext }) => parentSpanContext === undefined)).toContain(true);
    expect(spans[0]?.resource.attributes).not.toHaveProperty('gcp.project_id');
  });

  it('tells of a failure, and of no method that a caller made up', async () => {
    const { exportTrace, exported } = startExport({ isAnswering: true });
    await exportTrace(finished({ method: 'CANARY-CODE', status: 503 }), undefined);
    const spans = exported();

    expect(spans.map(({ status }) => status.code)).toEqual([2, 2]);
    const attributes = Object.assign({}, ...spans.map((span) => span.attributes)) as object;
    expect(attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.response.status_code': 503,
    });
    expect(JSON.stringify(attributes)).not.toContain('CANARY');
  });

  it('keeps no more than a bounded number of spans while the collector does not answer', async () => {
    const { exportTrace, exported, answer } = startExport({ isAnswering: false });
    // Of two spans each.
    const exports = Array.from({ length: 2 * MAX_QUEUED_SPANS }, () =>
      exportTrace(finished(), undefined),
    );
    await new Promise(setImmediate);
    answer();
    await Promise.allSettled(exports);
    const spans = exported();

    expect(spans.length).toBeGreaterThan(0);
    // One batch is on its way, and as many wait.
    expect(spans.length).toBeLessThanOrEqual(2 * MAX_QUEUED_SPANS);
  });
});
