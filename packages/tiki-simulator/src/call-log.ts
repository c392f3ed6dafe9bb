import type { RecordedCall } from './types';

export type CallRecord = Omit<RecordedCall, 'ms'>;

export interface CallLog {
  readonly calls: readonly RecordedCall[];
  /** Records a call; call the returned function once, when the call has ended. */
  record(call: CallRecord): () => void;
}

export function createCallLog(
  now: () => number,
  onCall: ((call: RecordedCall) => void) | undefined,
): CallLog {
  const calls: RecordedCall[] = [];
  return {
    calls,
    record(record) {
      const call = { ...record, ms: undefined as number | undefined };
      calls.push(call);
      return () => {
        call.ms = now() - call.at;
        onCall?.(call);
      };
    },
  };
}

/** A call for the control API: codes and tokens are recognizable but not usable. */
export function maskedCall(call: RecordedCall): Readonly<Record<string, unknown>> {
  // Calls about orders contain no secrets.
  const shown = call.path.startsWith('/order') ? 200 : 8;
  return {
    method: call.method,
    path: call.path,
    at: new Date(call.at).toISOString(),
    ms: call.ms,
    outcome: call.outcome,
    problem: call.problem,
    timestamp: call.timestampHeader,
    clientId: call.clientId && mask(call.clientId),
    clientKey: call.clientKeyHeader && mask(call.clientKeyHeader),
    signature: call.signature && mask(call.signature),
    body: maskedBody(call.rawBody, shown),
  };
}

function maskedBody(rawBody: string, shown: number): unknown {
  try {
    const parsed: unknown = JSON.parse(rawBody);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      const entries = Object.entries(parsed).map(([key, value]: [string, unknown]) => [
        mask(key, 40),
        mask(typeof value === 'string' ? value : JSON.stringify(value), shown),
      ]);
      return Object.fromEntries(entries) as unknown;
    }
  } catch {
    // Not JSON: shown as text.
  }
  return mask(rawBody, shown);
}

function mask(text: string, shown = 8): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
