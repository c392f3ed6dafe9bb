import { answerJson, substitutedAnswer, type Answer } from './answer';
import type { CallResult } from './call-result';
import { canAlter, failureEnvelope, isAlteration, successEnvelope } from './envelope';
import { LOGIN_PATHS, type Fault, type FaultRule, type LoginPath, type OpenApiPath } from './fault';
import type { FaultRules } from './fault-rules';
import type { GrantStore } from './grants';
import { loginCall } from './login-calls';
import { orderCall, type OrderCallOptions } from './orders/order-calls';
import {
  checkRequest,
  METHODS,
  servedPath,
  type AcceptedRequest,
  type ReceivedRequest,
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

export interface OpenApiOptions extends SignatureRules, OrderCallOptions {
  readonly grants: GrantStore;
  readonly faults: FaultRules<FaultRule>;
  readonly now: () => number;
  readonly failureStatus: number;
  readonly newRequestId: () => string;
}

/** Failures with their own HTTP status; others have Tiki's code 400. */
const HTTP_STATUS: Readonly<Partial<Record<FailureReason, number>>> = {
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
};

/** Decides the answer to a complete request, and carries it out. */
export function createOpenApi(options: OpenApiOptions): (request: ReceivedRequest) => Decision {
  const { grants, faults, now, failureStatus, newRequestId } = options;

  return (request) => {
    const accepted = checkRequest(request, options, now());
    const result = 'reason' in accepted ? { refusal: accepted } : carryOut(accepted);
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
      answer: applyFault(fault, refusalAnswer(reason, request.target)),
      fault,
      outcome: fault ? `fault:${fault.kind}` : reason,
      problem: fault ? `${reason}: ${problem}` : problem,
    };
  };

  function carryOut({ path, ...request }: AcceptedRequest): CallResult {
    return isLoginPath(path)
      ? loginCall(path, request.body, grants)
      : orderCall(path, request, options);
  }

  /** A code's own fault comes first, so that it does not use up a rule meant for other calls. */
  function faultFor(request: ReceivedRequest, result: CallResult): Fault | undefined {
    const success = 'success' in result ? result.success : undefined;
    if ('success' in result && result.fault) return result.fault;
    const path = servedPath(request.target);
    return path && faults.take(path, (fault) => !isAlteration(fault) || canAlter(fault, success));
  }

  function refusalAnswer(reason: FailureReason, target: string): Answer {
    const answer = answerJson(
      HTTP_STATUS[reason] ?? failureStatus,
      failureEnvelope({
        code: HTTP_STATUS[reason] ?? 400,
        reason,
        message: reason === 'invalid_code' ? 'invalid auth code' : inWords(reason),
        metadata: { service_code: 'tiki-simulator', request_id: newRequestId() },
      }),
    );
    const path = servedPath(target);
    return reason === 'method_not_allowed' && path !== undefined
      ? { ...answer, headers: { ...answer.headers, Allow: METHODS[path].join(', ') } }
      : answer;
  }
}

function inWords(reason: FailureReason): string {
  return reason.toLowerCase().replaceAll('_', ' ');
}

function applyFault(fault: Fault | undefined, answer: Answer): Answer {
  return (fault && substitutedAnswer(fault)) ?? answer;
}

function isLoginPath(path: OpenApiPath): path is LoginPath {
  return LOGIN_PATHS.some((login) => login === path);
}
