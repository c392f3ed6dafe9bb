import type { LogEntry } from 'firebase-functions/logger';
import type { Step } from '../clock';
import { type OperatorNote, Problem, PROBLEMS } from '../problem';
import { shellQuote } from '../remedy';
import { describeError } from './describe-error';
import { withoutSecrets } from './redact';

/** An error of an upstream that was passed on as it was, and that the operator should know about. */
export interface UpstreamRefusal {
  readonly outcome: 'auth-quota-exceeded' | 'backend-forbidden';
  readonly operator: OperatorNote;
}

/** What an operation knows about its request, for the log. */
export interface Facts {
  readonly uid?: string | undefined;
  /** What the request waited for. */
  readonly steps?: readonly Step[];
  /** Why there is no App Check token; the login continued without. */
  readonly appCheckFailure?: unknown;
  readonly refusal?: UpstreamRefusal | undefined;
  /** The code or token that the request came with, chosen by its caller. */
  readonly credential?: string | undefined;
}

/** What is known about a request when it has been answered. */
export interface RequestFacts extends Facts {
  readonly route: string;
  readonly requestId: string;
  readonly status: number;
  /** From its arrival to its answer, ms. */
  readonly totalMs: number;
  readonly problem: Problem | undefined;
  /** For commands that fix it. */
  readonly projectId: string | undefined;
  /** Configured secrets: the client secret. */
  readonly secrets: readonly string[];
}

function severityOf({ problem, refusal, appCheckFailure }: RequestFacts): LogEntry['severity'] {
  if (!problem) return refusal || appCheckFailure !== undefined ? 'WARNING' : 'INFO';
  const { status } = PROBLEMS[problem.code];
  // May affect customers: see TRUSTED_PROXIES.
  if (status === 429) return 'WARNING';
  if (status < 500) return 'INFO';
  return status === 500 ? 'ERROR' : 'WARNING';
}

const sentence = (...parts: readonly (string | number | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(': ');

/** As nginx logs it: the caller hung up before the answer was complete, so nobody receives a status. */
export const CLIENT_GONE_STATUS = 499;

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

/** Milliseconds for each upstream, all calls together, and for the whole request. */
function durations({ steps = [], totalMs }: RequestFacts): Readonly<Record<string, number>> {
  const ms: Record<string, number> = {};
  for (const { name, from, to } of steps) ms[name] = (ms[name] ?? 0) + to - from;
  ms['total'] = totalMs;
  return Object.fromEntries(Object.entries(ms).map(([name, each]) => [name, rounded(each)]));
}

/** How a request ended: `ok`, a problem's code, or one of three that are no problem of ours. */
export function outcomeOf({
  problem,
  refusal,
  status,
}: Pick<RequestFacts, 'problem' | 'refusal' | 'status'>): string {
  if (problem) return problem.code;
  return status === CLIENT_GONE_STATUS ? 'client-gone' : (refusal?.outcome ?? 'ok');
}

/** A note whose commands can be pasted. */
function withProject(note: OperatorNote | undefined, projectId: string | undefined) {
  if (note?.remedy === undefined || projectId === undefined) return note;
  return { ...note, remedy: note.remedy.replaceAll('<project>', () => shellQuote(projectId)) };
}

/** The one log entry of a request, built from an allow-list of fields. The logger adds the trace. */
export function requestEntry(facts: RequestFacts): LogEntry {
  const { route, requestId, status, uid, problem, refusal, appCheckFailure, secrets } = facts;
  const known = withCredential(facts);
  const outcome = outcomeOf(facts);
  const note = withProject(problem?.extras.operator ?? refusal?.operator, facts.projectId);
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
    ms: durations(facts),
    ...(note && { operator: { ...note, ...(tiki && { tiki }) } }),
    ...(cause !== undefined && { error: describeError(cause, known) }),
    ...(appCheckFailure !== undefined && { appCheck: describeError(appCheckFailure, known) }),
  };
  return bounded(scrubbed(entry, secrets));
}

/** Bytes of JSON; the logger and Cloud Run add up to 200 more for the trace. */
const MAX_ENTRY_BYTES = 1_800;

const fits = (entry: object): boolean =>
  Buffer.byteLength(JSON.stringify(entry)) <= MAX_ENTRY_BYTES;

const ERRORS: ReadonlySet<string> = new Set(['error', 'appCheck']);

/** Shortens what describes errors where an entry would be too long; the rest is short by itself. */
function bounded(entry: LogEntry): LogEntry {
  if (fits(entry)) return entry;
  const parts = Object.entries(entry);
  const withoutFrames = parts.map(([key, value]): [string, unknown] =>
    ERRORS.has(key) ? [key, { ...(value as object), frames: [] }] : [key, value],
  );
  const shorter = Object.fromEntries(withoutFrames);
  // Its severity is still there.
  if (fits(shorter)) return shorter as LogEntry;
  return Object.fromEntries(parts.filter(([key]) => !ERRORS.has(key))) as LogEntry;
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
