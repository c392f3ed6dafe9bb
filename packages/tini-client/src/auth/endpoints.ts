import { merge } from '../merge';
import { type Fields } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { dataOf } from '../runtime/data-of';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { type Session, sessionOf } from './session';

/** Everything goes as JSON: form bodies do not survive every runtime. */
export async function post(context: Context, path: string, data: object): Promise<Fields> {
  return dataOf(
    context,
    await send(context, { url: context.baseUrl + path, method: 'POST', data }),
  );
}

/**
 * Asks Google for a session: Identity Toolkit for one that begins, Secure Token for one that goes
 * on. Neither uses up what it is given, so it may be sent again.
 *
 * @param kept What does not come from Google, and is the same in both.
 */
export async function askGoogle(
  context: Context,
  path: string,
  kept: Pick<Session, 'user' | 'appCheckToken'>,
  data: object,
): Promise<Session> {
  const { apiKey } = context;
  const target = apiKey ? `${path}?key=${apiKey}` : path;
  const answer = await withRetry(context, () => post(context, target, data));
  // Secure Token has its own way to write what Identity Toolkit calls idToken and refreshToken.
  const tokens = {
    idToken: answer['id_token'] || answer['idToken'],
    refreshToken: answer['refresh_token'] || answer['refreshToken'],
  };
  return sessionOf(merge(kept, tokens), context.now()) || context.failWith('bad-response');
}
