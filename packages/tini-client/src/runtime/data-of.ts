import { type ErrorCode, rowOf } from '../errors';
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

/**
 * The response's data on success, which a redirect is not. Otherwise throws the error of problem+json or of Google's
 * `{error: {code, message, status}}`.
 */
export function dataOf(context: Context, { status, headers, data }: Answer): Fields {
  if (status >= 200 && status < 300) return fieldsOf(data);
  const body = firstOf(data);
  const { message, status: name, details } = fieldsOf(body['error']);
  const reasons = (Array.isArray(details) ? details : []).map(
    (detail) => fieldsOf(detail)['reason'],
  );
  const fallback = status < 500 ? 'bad-response' : 'unavailable';
  const code = [body['code'], message, ...reasons, name, BY_STATUS[status], fallback]
    .map((text) => codeIn(String(text)))
    .find(rowOf);
  // Codes with a row are ours, and the fallback has one.
  context.failWith(code as ErrorCode, {
    status,
    // Undefined if the runtime dropped it.
    body: data ? body : undefined,
    // NaN without the header.
    retryAfter: +(headers['retry-after'] as string) || 0,
  });
}
