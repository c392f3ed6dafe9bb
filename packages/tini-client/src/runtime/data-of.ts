import { type ErrorCode, isErrorCode } from '../errors';
import { type Answer, type Fields, fieldsOf, firstOf } from './answer';
import { type Context } from './context';

/** For responses without a code: from something in front of the bridge, or without a body. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'aborted',
  413: 'payload-too-large',
  429: 'rate-limited',
  500: 'internal',
  502: 'upstream-bad-response',
  504: 'deadline-exceeded',
};

/** Google's words for one of our codes, in an error's message or in the reason of its details. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode])[] = [
  // Throttled by Identity Toolkit or Secure Token, which say so with 400.
  [/^(QUOTA_EXCEEDED|TOO_MANY_ATTEMPTS_TRY_LATER)\b/, 'resource-exhausted'],
  // The Web API key is invalid, or restricted to other APIs, web sites, apps or addresses.
  [/^((The provided )?API[ _]key|Requests (to|from) .*blocked)/i, 'api-key-refused'],
];

function codeIn(text: string): string {
  const known = MEANINGS.find(([words]) => words.test(text));
  // `PERMISSION_DENIED` or `INVALID_CUSTOM_TOKEN : The token …` → kebab case.
  return known ? known[1] : text.replace(/ .*/, '').toLowerCase().replace(/_/g, '-');
}

/** Seconds from `Retry-After`, which is a number of seconds or a date; 0 without either. */
function retryAfterOf({ headers }: Answer, now: number): number {
  const { 'retry-after': value = '', date = '' } = headers;
  if (/^\d+$/.test(value)) return Number(value);
  // The server's own clock, because the phone's may be off by hours.
  const leftMs = Date.parse(value) - (Date.parse(date) || now);
  // NaN, which is no date, is not above 0.
  return leftMs > 0 ? leftMs / 1000 : 0;
}

/**
 * The response's data if it is a success with a JSON object or list. Otherwise throws the error of
 * problem+json or of Google's `{error: {code, message, status}}`; `bad-response` for redirects and
 * for anything that is not JSON.
 */
export function dataOf(context: Context, answer: Answer): Fields {
  const { status, data } = answer;
  // A list is an object too.
  if (status >= 200 && status < 300 && typeof data === 'object' && data) return data as Fields;
  const body = firstOf(data);
  const { message, status: name, details } = fieldsOf(body['error']);
  const reasons = (Array.isArray(details) ? details : []).map(
    (detail) => fieldsOf(detail)['reason'],
  );
  const fallback: ErrorCode = status < 500 ? 'bad-response' : 'unavailable';
  const code = [body['code'], message, ...reasons, name, BY_STATUS[status]]
    .map((text) => codeIn(String(text)))
    .find(isErrorCode);
  context.failWith(code || fallback, {
    status,
    // Undefined if the runtime dropped it.
    body: data ? body : undefined,
    retryAfter: retryAfterOf(answer, context.now()),
  });
}
