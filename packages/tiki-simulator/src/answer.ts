import { failureEnvelope } from './envelope';
import type { Fault } from './fault';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function answerWith(status: number, contentType: string, body: string): Answer {
  return { status, headers: { 'Content-Type': contentType }, body };
}

export function answerJson(status: number, body: string): Answer {
  return answerWith(status, 'application/json; charset=utf-8', body);
}

/** Under the Open API, so that a client that follows the redirect appears in the call log. */
const DEFAULT_REDIRECT = '/tiniapp-open-api/redirected';

/** The answer that a fault sends instead of the correct one; undefined if it does not replace it. */
export function substitutedAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'status': {
      const answer = answerWith(fault.status, 'text/plain; charset=utf-8', fault.body ?? '');
      if (fault.retryAfterSeconds === undefined) return answer;
      const retryAfter = String(fault.retryAfterSeconds);
      return { ...answer, headers: { ...answer.headers, 'Retry-After': retryAfter } };
    }
    case 'redirect':
      return { status: 302, headers: { Location: fault.location ?? DEFAULT_REDIRECT }, body: '' };
    case 'garbage':
      return answerJson(200, '{"data":{"access_token":oops');
    case 'html':
      return answerWith(
        200,
        'text/html; charset=utf-8',
        '<!doctype html><title>Sign in</title><p>Sign in to the network to continue.',
      );
    case 'empty':
      return answerJson(200, '');
    case 'error-envelope': {
      const { reason, message = 'simulated failure', metadata, status = 200 } = fault;
      const failure = { code: 400, reason, message, ...(metadata && { metadata }) };
      return answerJson(status, failureEnvelope(failure));
    }
    case 'raw':
      return { status: fault.status, headers: fault.headers, body: fault.body };
    default:
      return undefined;
  }
}
