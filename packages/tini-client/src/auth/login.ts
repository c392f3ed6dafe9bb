import { type ErrorCode, type TikiFirebaseError } from '../errors';
import { type Fields } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { withRetry } from '../runtime/retry';
import { askGoogle, post } from './endpoints';
import { type Session } from './session';

/** With these the bridge says that it did not use the code. */
const CODE_UNUSED: readonly ErrorCode[] = ['overloaded', 'rate-limited'];

/**
 * Auth code → bridge → custom token → session. Never gets another code, because Tiki may open a
 * dialog for each.
 *
 * @param exchanges The exchanges of all codes sent so far; this adds its own.
 */
export async function login(
  context: Context,
  code: unknown,
  exchanges: Map<unknown, Promise<Fields>>,
): Promise<Session> {
  const send = () => post(context, `${context.baseUrl}/auth_exchange`, { code });
  // Tiki may return the same code twice, for example after a double tap. It may be used up, so it is
  // not sent again: both share the first answer.
  const exchange =
    exchanges.get(code) ||
    withRetry(context, send, CODE_UNUSED).catch((error: unknown) => {
      // All errors of post have a code.
      if (CODE_UNUSED.indexOf((error as TikiFirebaseError).code) >= 0) exchanges.delete(code);
      throw error;
    });
  exchanges.set(code, exchange);
  const { customToken, uid, customer, scopes, appCheckToken } = await exchange;
  if (typeof customToken !== 'string') context.failWith('bad-response');
  // Checked by sessionOf as far as anything depends on it.
  const kept = { user: { uid, customer, scopes }, appCheckToken } as Pick<
    Session,
    'user' | 'appCheckToken'
  >;
  return askGoogle(context, '/identitytoolkit/v1/accounts:signInWithCustomToken', kept, {
    token: customToken,
    returnSecureToken: true,
  });
}
