import { parse, parseNumberAndBigInt } from 'lossless-json';
import * as z from 'zod';
import { Problem, type OperatorNote, type ProblemCode } from '../../problem';
import { setClock } from '../../remedy';
import {
  retryAfterSeconds,
  symptomOf,
  type Failure,
  type Outcome,
  type Refusal,
  type Symptom,
} from '../../upstream/outcome';
import { describeSkew, TOLERATED_SKEW_MS } from './clock';

/**
 * Parses JSON without losing digits: integers come as `bigint`, all other numbers as `number`.
 *
 * Tiki's ids are int64 and bare JSON numbers. `JSON.parse` rounds everything above 2^53 and would
 * sign one customer in as another. Equal keys with different values are refused as well, since
 * parsers disagree on which of them counts.
 *
 * @throws SyntaxError (whose message may quote the input: never log it)
 */
export function parseLosslessJson(text: string): unknown {
  return parse(text, null, parseNumberAndBigInt);
}

/** Everything that can become of one call to Tiki. */
export type TikiOutcome<T> = Outcome<T, TikiFailure>;

export type TikiFailure = TikiRefusal | Exclude<Failure, Refusal>;

/** Tiki's error envelope, whatever the HTTP status it came with. */
export interface TikiRefusal extends Refusal {
  /** In the envelope, of the kind that HTTP statuses are. */
  readonly code?: number;
  /** For Tiki's support. */
  readonly serviceCode?: string;
  readonly requestId?: string;
  /** This machine's clock minus Tiki's, ms; undefined: the answer does not tell. */
  readonly aheadMs?: number;
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
  code: z.bigint().transform(Number).optional().catch(undefined),
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
  const { code } = error.data;
  const { service_code: serviceCode, request_id: requestId } = error.data.metadata ?? {};
  const seconds = retryAfterSeconds(answer.retryAfter);
  return {
    kind: 'refused',
    reason: error.data.reason,
    status: answer.status,
    ...(code !== undefined && { code }),
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

/** Which of Tiki's reasons are the caller's fault, and the code for each; differs from call to call. */
export type CallersReasons = Readonly<Record<string, ProblemCode>>;

const RETRY_AFTER_SECONDS = 2;
const MAX_RETRY_AFTER_SECONDS = 60;

const SIGNATURE_REMEDY =
  'check in Tini Console that TIKI_CLIENT_KEY and TIKI_CLIENT_SECRET are of one app and of the ' +
  'environment in TIKI_API_BASE_URL (sandbox keys fail on production and the reverse), set the ' +
  'secret with `npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>`, then ' +
  '`npx firebase deploy --only functions --project <project>`';

/** A signature contains the time, so a wrong clock ruins it just as a wrong secret does. */
function signatureNote(note: OperatorNote, aheadMs: number | undefined): OperatorNote {
  if (aheadMs === undefined) {
    const cause = "Tiki refused the signature; its answer does not tell Tiki's time";
    return { ...note, cause, remedy: `is this machine's clock right? If so, ${SIGNATURE_REMEDY}` };
  }
  const tiki = { ...note.tiki, clockAheadSeconds: Math.round(aheadMs / 1000) };
  const clock = `the clock of this machine is ${describeSkew(aheadMs)}`;
  const isRight = Math.abs(aheadMs) <= TOLERATED_SKEW_MS;
  return {
    cause: isRight
      ? `Tiki refused the signature, not for its time: ${clock}`
      : `Tiki refused the signature, because ${clock}`,
    tiki,
    remedy: isRight ? SIGNATURE_REMEDY : `set the clock: ${setClock(process.platform)}`,
  };
}

function refusalNote(refusal: TikiRefusal): OperatorNote {
  const { reason, status, serviceCode, requestId } = refusal;
  return {
    cause: 'Tiki refused',
    tiki: {
      reason,
      status,
      ...(serviceCode !== undefined && { serviceCode }),
      ...(requestId !== undefined && { requestId }),
    },
  };
}

function refusalProblem(refusal: TikiRefusal, callersReasons: CallersReasons): Problem {
  const operator = refusalNote(refusal);
  if (refusal.reason === 'invalid_signature') {
    return new Problem('tiki-rejected-signature', {
      operator: signatureNote(operator, refusal.aheadMs),
    });
  }
  const code = Object.hasOwn(callersReasons, refusal.reason)
    ? callersReasons[refusal.reason]
    : undefined;
  if (code) return new Problem(code, { operator });
  return isTrouble(refusal)
    ? unavailable(operator, refusal.retryAfterSeconds)
    : new Problem('tiki-bad-response', { operator });
}

function unavailable(operator: OperatorNote, retryAfterSeconds = RETRY_AFTER_SECONDS): Problem {
  return new Problem('tiki-unavailable', {
    operator,
    retryAfterSeconds: Math.min(Math.max(retryAfterSeconds, 1), MAX_RETRY_AFTER_SECONDS),
  });
}

function statusProblem(
  failure: Extract<TikiFailure, { readonly kind: 'unexpected-status' }>,
): Problem {
  const { status, retryAfterSeconds } = failure;
  const operator = { cause: `Tiki answered with HTTP status ${status}`, tiki: { status } };
  return isTrouble(failure)
    ? unavailable(operator, retryAfterSeconds)
    : new Problem('tiki-bad-response', { operator });
}

export function problemOf(failure: TikiFailure, callersReasons: CallersReasons): Problem {
  switch (failure.kind) {
    case 'refused':
      return refusalProblem(failure, callersReasons);
    case 'wrong-shape':
      return new Problem('tiki-bad-response', {
        operator: { cause: `Tiki's answer is not of the documented shape at: ${failure.where}` },
      });
    case 'unexpected-status':
      return statusProblem(failure);
    case 'no-answer':
      return new Problem('tiki-timeout', { operator: { cause: 'Tiki did not answer in time' } });
    case 'no-connection':
      return unavailable({ cause: `No connection to Tiki: ${failure.errno}` });
  }
}

/** @throws Problem for every outcome but an answer. */
export function answerOf<T>(outcome: TikiOutcome<T>, callersReasons: CallersReasons): T {
  if (outcome.kind === 'answer') return outcome.data;
  throw problemOf(outcome, callersReasons);
}
