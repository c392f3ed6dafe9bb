import { Problem, type OperatorNote, type ProblemCode } from '../../problem';
import { isTrouble, type TikiFailure, type TikiOutcome, type TikiRefusal } from './outcome';

/** Which of Tiki's reasons are the caller's fault, and the code for each; differs from call to call. */
export type CallersReasons = Readonly<Record<string, ProblemCode>>;

const RETRY_AFTER_SECONDS = 2;
const MAX_RETRY_AFTER_SECONDS = 60;

const SIGNATURE_REMEDY =
  'check in Tini Console that TIKI_CLIENT_KEY and TIKI_CLIENT_SECRET are of one app and of the ' +
  'environment in TIKI_API_BASE_URL (sandbox keys fail on production and the reverse), set the ' +
  'secret with `npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>`, then ' +
  '`npx firebase deploy --only functions:auth --project <project>`';

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
      operator: { ...operator, remedy: SIGNATURE_REMEDY },
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
