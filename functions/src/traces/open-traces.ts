import type { LogEntry } from 'firebase-functions/logger';
import { traceParent } from '../http/request';
import type { FinishedRequest } from '../http/serve';
import { openOnce } from '../lazy';
import { describeError } from '../log/describe-error';
import type { ExportSettings } from './export-traces';

/** An export that took longer, ms, was interrupted: after its answer an instance may be frozen. */
const FROZEN_MS = 10_000;

export interface TraceSettings extends ExportSettings {
  /** Whether `traceparent` is that of Google's front end, which every request to Cloud Run passes. */
  readonly isBehindFrontEnd: boolean;
  readonly log: (entry: LogEntry) => void;
}

/**
 * Exports a trace of each answered request that waited for something: a span for the request, and one
 * below it for each step. Google's front end decides which requests are sampled.
 *
 * OpenTelemetry is loaded after the first such answer: it takes nearly as long to load as all that a
 * login needs. A failure of the collector is logged once, and never rejects.
 */
export function openTraces(settings: TraceSettings): (finished: FinishedRequest) => Promise<void> {
  const opened = openOnce(async () => (await import('./export-traces.js')).createExport(settings));
  let isReported = false;

  return async (finished) => {
    const { headers } = finished.request;
    const parent = settings.isBehindFrontEnd ? traceParent(headers) : undefined;
    if (finished.steps.length === 0 || parent?.isSampled === false) return;
    const began = settings.clock.now();
    try {
      const exportTrace = await opened();
      await exportTrace(finished, parent);
    } catch (error) {
      if (isReported || settings.clock.now() - began > FROZEN_MS) return;
      isReported = true;
      settings.log({
        severity: 'WARNING',
        message: 'traces: the collector does not take them; this is logged once',
        outcome: 'traces-not-exported',
        operator: {
          cause: 'The collector of TRACES_ENDPOINT does not take traces',
          remedy: 'check TRACES_ENDPOINT, and the access to it: docs/monitoring.md',
        },
        error: describeError(error, []),
      });
    }
  };
}
