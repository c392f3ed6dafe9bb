import * as z from 'zod';
import { parseLosslessJson } from './lossless-json';

/**
 * Everything that can become of one call to Tiki; each call ends as exactly one of these.
 * None of them holds a code, a token or a raw body.
 */
export type TikiOutcome<T> = { readonly kind: 'answer'; readonly data: T } | TikiFailure;

export type TikiFailure =
  | TikiRefusal
  /** The answer is not the documented shape; `where` names the place, never a value. */
  | { readonly kind: 'wrong-shape'; readonly where: string }
  /** A status outside 2xx without Tiki's error envelope. */
  | {
      readonly kind: 'unexpected-status';
      readonly status: number;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'no-answer' }
  /** The connection could not be made, or broke; `errno` as Node names it. */
  | { readonly kind: 'no-connection'; readonly errno: string };

/** Tiki's error envelope, whatever the HTTP status it came with. */
export interface TikiRefusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** For Tiki's support. */
  readonly serviceCode?: string;
  readonly requestId?: string;
}

/** What of an HTTP answer matters here. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfter?: string | undefined;
}

/** Words of Tiki's that end up in a log: short and of harmless characters, or not at all. */
const SAFE_WORD = /^[\w.:-]{1,64}$/;
const safeWord = (value: string): string => (SAFE_WORD.test(value) ? value : 'unreadable');
const loggedWord = z
  .union([z.string(), z.bigint()])
  .transform((value) => safeWord(String(value)))
  .optional()
  .catch(undefined);

const errorSchema = z.object({
  reason: z.string().transform(safeWord),
  metadata: z
    .object({ service_code: loggedWord, request_id: loggedWord })
    .nullish()
    .catch(undefined),
});
const envelopeSchema = z.object({ error: z.unknown() });

function decode(body: Uint8Array): unknown {
  try {
    return parseLosslessJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Not kept: the parser's message quotes the body. Undefined is no JSON value, so nothing is lost.
    return undefined;
  }
}

function refusalIn(envelope: unknown, answer: RawAnswer): TikiRefusal | undefined {
  const parsed = envelopeSchema.safeParse(envelope);
  const error = parsed.success ? errorSchema.safeParse(parsed.data.error) : undefined;
  if (!error?.success) return undefined;
  const { service_code: serviceCode, request_id: requestId } = error.data.metadata ?? {};
  const seconds = retryAfterSeconds(answer.retryAfter);
  return {
    kind: 'refused',
    reason: error.data.reason,
    status: answer.status,
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    ...(serviceCode !== undefined && { serviceCode }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Seconds of a `Retry-After` header, when it is a small whole number. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,4}$/.test(header) ? Number(header) : undefined;
}

/** The success envelope around the `data` of one call. To be made once: zod compiles schemas. */
export function successEnvelope<T>(data: z.ZodType<T>): z.ZodType<{ data: T }> {
  return z.object({ data, error: z.null().optional() });
}

/** Reads one HTTP answer of Tiki's: envelope first, then status, then the shape of `data`. */
export function readAnswer<T>(
  answer: RawAnswer,
  envelopeOfData: z.ZodType<{ data: T }>,
): TikiOutcome<T> {
  const envelope = decode(answer.body);
  const refusal = refusalIn(envelope, answer);
  if (refusal) return refusal;
  if (answer.status < 200 || answer.status > 299) {
    const seconds = retryAfterSeconds(answer.retryAfter);
    return {
      kind: 'unexpected-status',
      status: answer.status,
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    };
  }
  const success = envelopeOfData.safeParse(envelope);
  if (success.success) return { kind: 'answer', data: success.data.data };
  // Paths are made of our own schema's keys and array positions, so they may be logged.
  const where = success.error.issues.map((issue) => issue.path.join('.') || 'body');
  return { kind: 'wrong-shape', where: [...new Set(where)].join(', ') };
}

/** The reasons that Tiki documents: verdicts on what was sent, whatever status they come with. */
const DOCUMENTED_REASONS: ReadonlySet<string> = new Set([
  'invalid_code',
  'invalid_token',
  'invalid_signature',
]);

/** Whether an answer says that Tiki itself is in trouble, with or without an envelope around it. */
export function isTrouble(outcome: TikiOutcome<unknown>): boolean {
  switch (outcome.kind) {
    case 'refused':
      return !DOCUMENTED_REASONS.has(outcome.reason) && isTroubledStatus(outcome.status);
    case 'unexpected-status':
      return isTroubledStatus(outcome.status);
    default:
      return false;
  }
}

const isTroubledStatus = (status: number): boolean => status >= 500 || status === 429;
