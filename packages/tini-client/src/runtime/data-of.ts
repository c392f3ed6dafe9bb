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

/**
 * The response's data on success. Otherwise throws the error of problem+json or of Google's
 * `{error: {code, message, status}}`.
 */
export function dataOf(context: Context, { status, headers, data }: Answer): Fields {
  if (status < 400) return fieldsOf(data);
  const body = firstOf(data);
  const { message, status: name } = fieldsOf(body['error']);
  const fallback = status < 500 ? 'bad-response' : 'unavailable';
  const code = [body['code'], message, name, BY_STATUS[status], fallback]
    // `PERMISSION_DENIED` or `INVALID_CUSTOM_TOKEN : The token …` → kebab case.
    .map((text) => String(text).replace(/ .*/, '').toLowerCase().replace(/_/g, '-'))
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
