import { merge } from '../merge';
import { type Fields } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { dataOf } from '../runtime/dataOf';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { type Session, sessionOf, type User } from './session';

/** Everything goes as JSON: form bodies do not survive every runtime. */
export async function post(context: Context, path: string, data: object): Promise<Fields> {
  const request = { url: context.baseUrl + path, method: 'POST', data };
  return dataOf(context, await send(context, request));
}

/**
 * Asks Google for a session: Identity Toolkit for one that begins, Secure Token for one that goes
 * on. Neither uses up what it is given, so it may be sent again.
 */
export async function askGoogle(
  context: Context,
  path: string,
  user: User,
  data: object,
): Promise<Session> {
  const { apiKey } = context;
  const target = apiKey ? `${path}?key=${apiKey}` : path;
  const answer = await withRetry(context, () => post(context, target, data));
  // Secure Token has its own way to write what Identity Toolkit calls idToken and refreshToken.
  const renewed = { idToken: answer['id_token'], refreshToken: answer['refresh_token'] };
  const session = sessionOf(merge(renewed, answer, { user }), context.now());
  if (!session) context.failWith('bad-response');
  return session;
}
