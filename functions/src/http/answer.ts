import { PROBLEMS, type Problem } from '../problem';
import { detailOf } from './detail';
import type { Language } from './language';

/** An answer as plain data, before it meets a socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** RFC 9110 wants a challenge with every 401, and some HTTP stacks fail without one. */
export const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="tiki-firebase-bridge"' };

/** On every answer: what comes from here is for one caller, once, and is what it says it is. */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  };
}

export function jsonAnswer(body: object): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

/**
 * A problem as `application/problem+json`.
 *
 * @see RFC 9457
 */
export function problemAnswer(problem: Problem, requestId: string, language: Language): Answer {
  const { code, extras } = problem;
  const { status, title } = PROBLEMS[code];
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Language': language,
      ...(status === 401 && CHALLENGE),
      ...(extras.allow !== undefined && { Allow: extras.allow }),
      ...(extras.retryAfterSeconds !== undefined && {
        'Retry-After': String(extras.retryAfterSeconds),
      }),
    },
    body: JSON.stringify({
      type: `urn:tiki-firebase-bridge:problem:${code}`,
      title,
      status,
      code,
      detail: detailOf(code, extras.request, language),
      requestId,
    }),
  };
}
