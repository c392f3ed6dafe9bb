import * as z from 'zod';
import {
  retryAfterSeconds,
  symptomOf,
  type Failure,
  type Outcome,
  type Refusal,
  type Symptom,
} from '../../upstream/outcome';
import { parseLosslessJson } from './lossless-json';

/** Everything that can become of one call to Tiki. */
export type TikiOutcome<T> = Outcome<T, TikiFailure>;

export type TikiFailure = TikiRefusal | Exclude<Failure, Refusal>;

/** Tiki's error envelope, whatever the HTTP status it came with. */
export interface TikiRefusal extends Refusal {
  /** For Tiki's support. */
  readonly serviceCode?: string;
  readonly requestId?: string;
}

/** The parts of an HTTP answer that matter here. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfter?: string | undefined;
}

/** What Tiki says and the log repeats: short and of harmless characters, or not at all. */
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
    // The parser's message quotes the body, so it is dropped. Undefined is not a JSON value.
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

/** The success envelope around the `data` of one call. Made once: zod compiles schemas. */
export function successEnvelope<T>(data: z.ZodType<T>): z.ZodType<{ data: T }> {
  return z.object({ data, error: z.null().optional() });
}

/** Reads one HTTP answer of Tiki: envelope first, then status, then the shape of `data`. */
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
  // Paths consist of our own schema's keys and array positions, so they may be logged.
  const where = success.error.issues.map((issue) => issue.path.join('.') || 'body');
  return { kind: 'wrong-shape', where: [...new Set(where)].join(', ') };
}

/** The reasons that Tiki documents: they judge what was sent, whatever status they come with. */
const DOCUMENTED_REASONS: ReadonlySet<string> = new Set([
  'invalid_code',
  'invalid_token',
  'invalid_signature',
]);

export function tikiSymptomOf(failure: TikiFailure): Symptom {
  const documented = failure.kind === 'refused' && DOCUMENTED_REASONS.has(failure.reason);
  return documented ? 'refused' : symptomOf(failure);
}

const TROUBLE: ReadonlySet<Symptom> = new Set(['busy', 'unavailable', 'error']);

/** Whether an answer says that Tiki itself is in trouble, with or without an envelope around it. */
export function isTrouble(outcome: TikiOutcome<unknown>): boolean {
  return outcome.kind !== 'answer' && TROUBLE.has(tikiSymptomOf(outcome));
}
