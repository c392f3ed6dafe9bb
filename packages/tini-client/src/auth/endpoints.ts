import { merge } from '../merge';
import { type Fields } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { dataOf } from '../runtime/data-of';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { type Session, sessionOf } from './session';

/** Always JSON: some runtimes break form bodies. */
export async function post(context: Context, url: string, data: object): Promise<Fields> {
  return dataOf(context, await send(context, { url, method: 'POST', data }));
}

/**
 * Gets a session from Google: a new one from Identity Toolkit, a refreshed one from Secure Token.
 * Neither consumes its token, so the request may be retried.
 *
 * @param kept The parts of the session that do not come from Google.
 */
export async function askGoogle(
  context: Context,
  path: string,
  kept: Pick<Session, 'user' | 'appCheckToken'>,
  data: object,
): Promise<Session> {
  const { apiKey, gatewayUrl } = context;
  const target = gatewayUrl + (apiKey ? `${path}?key=${apiKey}` : path);
  let askedAt = 0;
  const answer = await withRetry(context, () => {
    askedAt = context.now();
    return post(context, target, data);
  });
  // Secure Token uses snake case, Identity Toolkit camel case.
  const tokens = {
    idToken: answer['id_token'] || answer['idToken'],
    refreshToken: answer['refresh_token'] || answer['refreshToken'],
  };
  return sessionOf(merge(kept, tokens), askedAt) || context.failWith('bad-response');
}
