import { answerJson, substitutedAnswer, type Answer } from './answer';
import { canAlter, failureEnvelope, isAlteration, successEnvelope, type Success } from './envelope';
import type { Fault } from './fault';
import type { FaultRules } from './fault-rules';
import type { GrantStore, Lookup } from './grants';
import {
  checkRequest,
  servedPath,
  type AcceptedRequest,
  type ReceivedRequest,
  type Refusal,
  type SignatureRules,
} from './request-check';
import type { CallOutcome, FailureReason } from './types';

/** The outcome of one call: its answer, and the fault to apply to its delivery. */
export interface Decision {
  readonly answer: Answer;
  readonly fault: Fault | undefined;
  readonly outcome: CallOutcome;
  readonly problem: string | undefined;
}

export interface OpenApiOptions extends SignatureRules {
  readonly grants: GrantStore;
  readonly faults: FaultRules;
  readonly now: () => number;
  readonly failureStatus: number;
  readonly newRequestId: () => string;
}

type Result = { readonly success: Success; readonly fault?: Fault } | { readonly refusal: Refusal };

/** Failures with their own HTTP status; others have Tiki's code 400. */
const HTTP_STATUS: Readonly<Partial<Record<FailureReason, number>>> = {
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
};

/** Decides the answer to a complete request, and consumes codes and tokens. */
export function createOpenApi(options: OpenApiOptions): (request: ReceivedRequest) => Decision {
  const { grants, faults, now, failureStatus, newRequestId } = options;

  return (request) => {
    const accepted = checkRequest(request, options, now());
    const result = 'reason' in accepted ? { refusal: accepted } : serve(accepted, grants);
    const fault = faultFor(request, result);
    if ('success' in result) {
      return {
        answer: applyFault(fault, answerJson(200, successEnvelope(result.success, fault))),
        fault,
        outcome: fault ? `fault:${fault.kind}` : 'ok',
        problem: undefined,
      };
    }
    const { reason, problem } = result.refusal;
    return {
      answer: applyFault(fault, refusalAnswer(reason)),
      fault,
      outcome: fault ? `fault:${fault.kind}` : reason,
      problem: fault ? `${reason}: ${problem}` : problem,
    };
  };

  /** A code's own fault comes first, so that it does not use up a rule meant for other calls. */
  function faultFor(request: ReceivedRequest, result: Result): Fault | undefined {
    const success = 'success' in result ? result.success : undefined;
    if ('success' in result && result.fault) return result.fault;
    const path = servedPath(request.target);
    return path && faults.take(path, (fault) => !isAlteration(fault) || canAlter(fault, success));
  }

  function refusalAnswer(reason: FailureReason): Answer {
    const answer = answerJson(
      HTTP_STATUS[reason] ?? failureStatus,
      failureEnvelope({
        code: HTTP_STATUS[reason] ?? 400,
        reason,
        message: reason === 'invalid_code' ? 'invalid auth code' : reason.replaceAll('_', ' '),
        metadata: { service_code: 'tiki-simulator', request_id: newRequestId() },
      }),
    );
    return reason === 'method_not_allowed'
      ? { ...answer, headers: { ...answer.headers, Allow: 'POST' } }
      : answer;
  }
}

function applyFault(fault: Fault | undefined, answer: Answer): Answer {
  return (fault && substitutedAnswer(fault)) ?? answer;
}

function serve({ path, credential }: AcceptedRequest, grants: GrantStore): Result {
  switch (path) {
    case '/oauth/auth/token':
      return resultOf(
        grants.exchangeCode(credential),
        'invalid_code',
        ({ fault, ...exchanged }) => ({
          success: { of: 'exchange', ...exchanged },
          ...(fault && { fault }),
        }),
      );
    case '/oauth/auth/token/refresh':
      return resultOf(grants.refresh(credential), 'invalid_token', (refreshed) => ({
        success: { of: 'refresh', ...refreshed },
      }));
    case '/oauth/me':
      return resultOf(grants.findByAccessToken(credential), 'invalid_token', (grant) => ({
        success: { of: 'me', grant },
      }));
  }
}

function resultOf<Found>(
  lookup: Lookup<Found>,
  reason: FailureReason,
  succeed: (found: Found) => Result,
): Result {
  return 'found' in lookup
    ? succeed(lookup.found)
    : { refusal: { reason, problem: lookup.problem } };
}
