import type { LogEntry } from 'firebase-functions/logger';
import { Problem, PROBLEMS } from '../problem';
import { describeError } from './describeError';

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
  return {
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
}
