import { Problem, type OperatorNote, type ProblemCode } from '../problem';
import type { TikiFailure, TikiOutcome, TikiRefusal } from './outcome';

/** Which of Tiki's reasons are the caller's to hear, and as what; it differs from call to call. */
export type CallersReasons = Readonly<Record<string, ProblemCode>>;

const RETRY_AFTER_SECONDS = 2;
const MAX_RETRY_AFTER_SECONDS = 60;

const SIGNATURE_REMEDY =
  'check in Tini Console that TIKI_CLIENT_KEY and TIKI_CLIENT_SECRET are of one app and of the ' +
  'environment in TIKI_API_BASE_URL (sandbox keys fail on production and the reverse), set the ' +
  'secret with `firebase functions:secrets:set TIKI_CLIENT_SECRET` and deploy again';

function refusalNote(refusal: TikiRefusal): OperatorNote {
  const { reason, status, serviceCode, requestId } = refusal;
  return {
    cause: `Tiki refused: ${reason}`,
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
      operator: { ...operator, remedy: SIGNATURE_REMEDY },
    });
  }
  const code = Object.hasOwn(callersReasons, refusal.reason)
    ? callersReasons[refusal.reason]
    : undefined;
  if (code) return new Problem(code, { operator });
  return refusal.status >= 500
    ? new Problem('tiki-unavailable', { operator, retryAfterSeconds: RETRY_AFTER_SECONDS })
    : new Problem('tiki-bad-response', { operator });
}

function statusProblem(status: number, retryAfterSeconds = RETRY_AFTER_SECONDS): Problem {
  const operator = { cause: `Tiki answered with HTTP status ${status}`, tiki: { status } };
  if (status < 500 && status !== 429) return new Problem('tiki-bad-response', { operator });
  return new Problem('tiki-unavailable', {
    operator,
    retryAfterSeconds: Math.min(Math.max(retryAfterSeconds, 1), MAX_RETRY_AFTER_SECONDS),
  });
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
      return statusProblem(failure.status, failure.retryAfterSeconds);
    case 'no-answer':
      return new Problem('tiki-timeout', { operator: { cause: 'Tiki did not answer in time' } });
    case 'no-connection':
      return new Problem('tiki-unavailable', {
        operator: { cause: `No connection to Tiki: ${failure.errno}` },
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
  }
}

/** @throws Problem for every outcome but an answer. */
export function answerOf<T>(outcome: TikiOutcome<T>, callersReasons: CallersReasons): T {
  if (outcome.kind === 'answer') return outcome.data;
  throw problemOf(outcome, callersReasons);
}
