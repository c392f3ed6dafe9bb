import { type Auth } from './auth/auth';
import { merge } from './merge';
import { type Answer, fieldsOf } from './runtime/answer';
import { type Context } from './runtime/context';
import { type HttpRequest, send } from './runtime/http';
import { mistyped } from './runtime/mistyped';

const TYPES = {
  method: 'string',
  headers: 'object',
  data: 'object',
  dataType: 'string',
  timeout: 'number',
};

/**
 * `my.request` with the user's ID token. `url` must be a path or start with `baseUrl`, because the
 * token must not reach any other host. After a 401, refreshes the token and retries once.
 */
export async function request(context: Context, auth: Auth, wanted: HttpRequest): Promise<Answer> {
  const { baseUrl } = context;
  const given = fieldsOf(wanted);
  const detail = typeof given['url'] === 'string' ? mistyped(given, TYPES) : 'url';
  if (detail) context.failWith('invalid-argument', { detail });
  const { url } = wanted;
  const path = url.indexOf(`${baseUrl}/`) ? url : url.slice(baseUrl.length);
  if (path[0] !== '/') context.failWith('invalid-argument', { detail: url });
  return auth.authorised((authorisation) =>
    send(
      context,
      merge(wanted, { url: baseUrl + path, headers: merge(wanted.headers, authorisation) }),
    ),
  );
}
