import type { LogEntry } from 'firebase-functions/logger';
import { Problem, PROBLEMS } from '../problem';
import { describeError } from './describeError';
import { withoutSecrets } from './redact';

/** What is known about a request when it has been answered. */
export interface RequestFacts {
  readonly route: string;
  readonly requestId: string;
  readonly status: number;
  readonly uid: string | undefined;
  /** Milliseconds. */
  readonly ms: { readonly total: number; readonly tiki?: number; readonly signing?: number };
  readonly problem: Problem | undefined;
  /** Why there is no App Check token; the login went on without. */
  readonly appCheckFailure?: unknown;
  /** What must not stand in a log whatever happens: the request's credential, the client secret. */
  readonly secrets: readonly string[];
}

function severityOf({ problem, appCheckFailure }: RequestFacts): LogEntry['severity'] {
  if (!problem) return appCheckFailure === undefined ? 'INFO' : 'WARNING';
  const { status } = PROBLEMS[problem.code];
  // Somebody is turned away who may be a customer: see TRUSTED_PROXIES.
  if (status === 429) return 'WARNING';
  if (status < 500) return 'INFO';
  return status === 500 ? 'ERROR' : 'WARNING';
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

/** The one log entry of a request, made from a list of harmless fields. The logger adds the trace. */
export function requestEntry(facts: RequestFacts): LogEntry {
  const { route, requestId, status, uid, ms, problem, appCheckFailure, secrets } = facts;
  const outcome = problem?.code ?? 'ok';
  const note = problem?.extras.operator;
  const cause = problem?.extras.cause;
  const entry = {
    severity: severityOf(facts),
    message: note ? `${route}: ${outcome}: ${note.cause}` : `${route}: ${outcome}`,
    route,
    outcome,
    status,
    requestId,
    ...(uid !== undefined && { uid }),
    ms: {
      total: rounded(ms.total),
      ...(ms.tiki !== undefined && { tiki: rounded(ms.tiki) }),
      ...(ms.signing !== undefined && { signing: rounded(ms.signing) }),
    },
    ...(note && { operator: { ...note } }),
    ...(cause !== undefined && { error: describeError(cause, secrets) }),
    ...(appCheckFailure !== undefined && {
      appCheck: describeError(appCheckFailure, secrets),
    }),
  };
  return scrubbed(entry, secrets) as LogEntry;
}

/**
 * The last line of defence: whatever got into an entry, from a caller's request id to a word of
 * Tiki's, no secret of this request is in it.
 */
function scrubbed(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return withoutSecrets(value, secrets);
  if (Array.isArray(value)) return value.map((each) => scrubbed(each, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, scrubbed(each, secrets)]),
  );
}
