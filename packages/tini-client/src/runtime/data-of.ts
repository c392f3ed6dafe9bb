import { type ErrorCode, rowOf } from '../errors';
import { type Answer, type Fields, fieldsOf, firstOf } from './answer';
import { type Context } from './context';

/** For answers that name no code: from something before the bridge, or without a body. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'aborted',
  413: 'payload-too-large',
  429: 'rate-limited',
};

/**
 * The answer's data, if it went well. Otherwise throws what problem+json or Google's
 * `{error: {code, message, status}}` says.
 */
export function dataOf(context: Context, { status, headers, data }: Answer): Fields {
  if (status < 400) return fieldsOf(data);
  const body = firstOf(data);
  const { message, status: name } = fieldsOf(body['error']);
  const fallback = status < 500 ? 'bad-response' : 'unavailable';
  const code = [body['code'], message, name, BY_STATUS[status], fallback]
    // `PERMISSION_DENIED` or `INVALID_CUSTOM_TOKEN : The token …` → our way to write it.
    .map((words) => String(words).replace(/ .*/, '').toLowerCase().replace(/_/g, '-'))
    .find(rowOf);
  // What has a row is one of our codes, and the last one has.
  context.failWith(code as ErrorCode, {
    status,
    // Undefined where the runtime dropped it.
    body: data ? body : undefined,
    // NaN without one.
    retryAfter: +(headers['retry-after'] as string) || 0,
  });
}
