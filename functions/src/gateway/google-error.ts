import { PROBLEMS, type ProblemCode } from '../problem';

/** Names of `google.rpc.Code`: https://cloud.google.com/apis/design/errors#handling_errors */
type GoogleStatus =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'NOT_FOUND'
  | 'UNIMPLEMENTED'
  | 'RESOURCE_EXHAUSTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

/** By HTTP status. A body of the wrong size or type fails again, so it is not `RESOURCE_EXHAUSTED`. */
const STATUS: Readonly<Record<(typeof PROBLEMS)[ProblemCode]['status'], GoogleStatus>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/**
 * What Firebase's Auth SDK makes of an error: it reads the part of the message before ` : ` as a code,
 * knows some by name and turns any other into `auth/…` with dashes, and shows the rest to the
 * developer.
 *
 * A passing outage has to be `auth/network-request-failed`: for every other code that reloading the
 * user brings when an app starts, the SDK signs the user out, and it stops refreshing the token.
 */
function authMessage(code: ProblemCode, detail: string): string {
  const { status } = PROBLEMS[code];
  const passing = status === 502 || status === 503 || status === 504;
  const name = passing
    ? 'NETWORK_REQUEST_FAILED'
    : status === 429
      ? 'TOO_MANY_ATTEMPTS_TRY_LATER'
      : status === 500
        ? 'INTERNAL_ERROR'
        : code.toUpperCase().replaceAll('-', '_');
  return `${name} : ${detail}`;
}

const AUTH = /^\/(?:identitytoolkit|securetoken)\//;

/**
 * A problem in the form of Google's own errors, so that Google's clients and those made for its APIs
 * recognize it. Always an object: methods that answer with an array report errors in one, but a
 * client that reads `[{error}]` as results would find none.
 *
 * @see https://cloud.google.com/apis/design/errors#http_mapping
 */
export function googleError(path: string, code: ProblemCode, detail: string): object {
  const { status } = PROBLEMS[code];
  const message = AUTH.test(path) ? authMessage(code, detail) : detail;
  return { error: { code: status, message, status: STATUS[status] } };
}
