import type { LogEntry } from 'firebase-functions/logger';
import { Problem, PROBLEMS } from '../problem';
import { describeError } from './describe-error';
import { withoutSecrets } from './redact';

/** What is known about an answered request. */
export interface RequestFacts {
  readonly route: string;
  readonly requestId: string;
  readonly status: number;
  readonly uid: string | undefined;
  /** Milliseconds. */
  readonly ms: { readonly total: number; readonly tiki?: number; readonly signing?: number };
  readonly problem: Problem | undefined;
  /** Why the login continued without an App Check token. */
  readonly appCheckFailure?: unknown;
  /** Configured secrets: the client secret. */
  readonly secrets: readonly string[];
  /** The code or token in the request, chosen by its caller. */
  readonly credential?: string | undefined;
}

function severityOf({ problem, appCheckFailure }: RequestFacts): LogEntry['severity'] {
  if (!problem) return appCheckFailure === undefined ? 'INFO' : 'WARNING';
  const { status } = PROBLEMS[problem.code];
  // May affect customers: see TRUSTED_PROXIES.
  if (status === 429) return 'WARNING';
  if (status < 500) return 'INFO';
  return status === 500 ? 'ERROR' : 'WARNING';
}

const sentence = (...parts: readonly (string | number | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(': ');

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

/** The one log entry of a request, built from an allow-list of fields. The logger adds the trace. */
export function requestEntry(facts: RequestFacts): LogEntry {
  const { route, requestId, status, uid, ms, problem, appCheckFailure, secrets } = facts;
  const known = withCredential(facts);
  const outcome = problem?.code ?? 'ok';
  const note = problem?.extras.operator;
  const tiki = note?.tiki && scrubbed(note.tiki, known);
  const cause = problem?.extras.cause;
  const entry = {
    severity: severityOf(facts),
    message: sentence(`${route}: ${outcome}`, note?.cause, tiki?.['reason']),
    route,
    outcome,
    status,
    requestId: withoutSecrets(requestId, known),
    ...(uid !== undefined && { uid }),
    ms: {
      total: rounded(ms.total),
      ...(ms.tiki !== undefined && { tiki: rounded(ms.tiki) }),
      ...(ms.signing !== undefined && { signing: rounded(ms.signing) }),
    },
    ...(note && { operator: { ...note, ...(tiki && { tiki }) } }),
    ...(cause !== undefined && { error: describeError(cause, known) }),
    ...(appCheckFailure !== undefined && { appCheck: describeError(appCheckFailure, known) }),
  };
  return scrubbed(entry, secrets);
}

/** Below the length of any code of Tiki; shorter strings could occur in ordinary words. */
const SHORTEST_CREDENTIAL = 8;

/**
 * What to mask in text from elsewhere: a caller's request id, Tiki's reasons, the message of an
 * unexpected error. Our own text contains no credential and is not searched for it: a caller sending
 * `auth_exchange` or `INFO` as a code would otherwise erase those words from the log.
 */
function withCredential({ secrets, credential = '' }: RequestFacts): readonly string[] {
  return credential.length < SHORTEST_CREDENTIAL ? secrets : [...secrets, credential];
}

/** The last line of defence: masks configured secrets anywhere in an entry. */
function scrubbed<T>(value: T, secrets: readonly string[]): T {
  const scrub = (part: unknown): unknown => {
    if (typeof part === 'string') return withoutSecrets(part, secrets);
    if (Array.isArray(part)) return part.map(scrub);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, scrub(each)]));
  };
  // Only strings are replaced, by strings, so the type stays the same.
  return scrub(value) as T;
}
