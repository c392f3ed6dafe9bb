import type { ServerResponse } from 'node:http';
import { PROBLEMS, type Problem } from '../problem';
import { detailOf } from './detail';
import type { Language } from './language';
import type { IncomingRequest } from './request';
import { endResponse, hasLargeRest } from './body';

/** Writes a body to a response without ending it, such as an upstream's as it arrives. */
export type WriteBody = (response: ServerResponse) => Promise<void>;

/** An answer as plain data, before it meets a socket. */
export interface Answer<Body extends string | WriteBody = string | WriteBody> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** RFC 9110 requires a challenge with every 401, and some HTTP stacks fail without one. */
export const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="tiki-firebase-bridge"' };

/** On every answer: it is for one caller, once, and is of the declared type. */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  };
}

export function jsonAnswer(body: object): Answer<string> {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

/** Members that a function adds to its problems (RFC 9457, 3.2), by the path of the request. */
export type ProblemMembers = (path: string, problem: Problem, detail: string) => object;

/**
 * A problem as `application/problem+json`.
 *
 * @param membersOf More members, from the problem and the detail.
 * @see RFC 9457
 */
export function problemAnswer(
  problem: Problem,
  requestId: string,
  language: Language,
  membersOf: (problem: Problem, detail: string) => object = () => ({}),
): Answer<string> {
  const { code, extras } = problem;
  const { status, title } = PROBLEMS[code];
  const detail = detailOf(code, extras.request, language);
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
      detail,
      requestId,
      ...membersOf(problem, detail),
    }),
  };
}

const NO_CONTENT = 204;

/** Writes an answer. Resolves when all of it has been handed to Node. */
export async function writeAnswer(
  request: IncomingRequest,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  response.writeHead(status, {
    ...headers,
    ...(typeof body === 'string' &&
      status !== NO_CONTENT && { 'Content-Length': String(Buffer.byteLength(body)) }),
    // No other request can follow a body that is not read to its end.
    ...(hasLargeRest(request) && { Connection: 'close' }),
  });
  if (typeof body !== 'string') await body(response);
  else if (body !== '') response.write(body);
  endResponse(request, response);
}
