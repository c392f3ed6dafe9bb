import { PROBLEMS, type Problem, type ProblemCode } from '../problem';

/** Names of `google.rpc.Code`: https://cloud.google.com/apis/design/errors#handling_errors */
type GoogleStatus =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'UNIMPLEMENTED'
  | 'ABORTED'
  | 'RESOURCE_EXHAUSTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

/** By HTTP status. A body of the wrong size or type fails again, so it is not `RESOURCE_EXHAUSTED`. */
const STATUS: Readonly<Record<(typeof PROBLEMS)[ProblemCode]['status'], GoogleStatus>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Whether the same request may succeed a moment later. */
function isPassing({ code, extras: { request } }: Problem): boolean {
  const brokeOff = request !== undefined && 'body' in request && request.body === 'incomplete';
  return brokeOff || PROBLEMS[code].retry === 'yes';
}

/**
 * What Firebase's Auth SDK makes of an error: it reads the part of the message before ` : ` as a code,
 * knows some by name and turns any other into `auth/…` with dashes, and shows the rest to the
 * developer.
 *
 * A passing failure has to be `auth/network-request-failed`: for every other code that reloading the
 * user brings when an app starts, the SDK signs the user out, and it stops refreshing the token.
 * A misconfigured gateway passes too, once its operator has fixed it; only a sign-in names it.
 */
function authMessage(path: string, problem: Problem, detail: string): string {
  const { status } = PROBLEMS[problem.code];
  const isOfSession = !SIGN_IN.test(path);
  const name =
    isPassing(problem) || (isOfSession && status === 500)
      ? 'NETWORK_REQUEST_FAILED'
      : status === 429
        ? 'TOO_MANY_ATTEMPTS_TRY_LATER'
        : status === 500
          ? 'INTERNAL_ERROR'
          : problem.code.toUpperCase().replaceAll('-', '_');
  return `${name} : ${detail}`;
}

const SIGN_IN = /:signInWithCustomToken$/;
const AUTH = /^\/(?:identitytoolkit|securetoken)\//;

/**
 * A problem in the form of Google's own errors, so that Google's clients and those made for its APIs
 * recognize it. Always an object: methods that answer with an array report errors in one, but a
 * client that reads `[{error}]` as results would find none.
 *
 * @see https://cloud.google.com/apis/design/errors#http_mapping
 */
export function googleError(path: string, problem: Problem, detail: string): object {
  const { status } = PROBLEMS[problem.code];
  const message = AUTH.test(path) ? authMessage(path, problem, detail) : detail;
  return { error: { code: status, message, status: STATUS[status] } };
}
