import { type Context } from '../runtime/context';
import { withRetry } from '../runtime/retry';
import { getAuthCode } from './authCode';
import { askGoogle, post } from './endpoints';
import { type Session, type User } from './session';

/**
 * Auth code → bridge → custom token → session. A code goes out once: after a failure that may have
 * used it up, the next attempt asks Tiki for another, three in all. So it does when Tiki does not
 * know the code any longer: it may have expired while the phone was looking for a network.
 *
 * @param sent The codes that have gone out already; this adds its own.
 */
export async function login(
  context: Context,
  wanted: readonly string[],
  sent: unknown[],
): Promise<Session> {
  const { customToken, uid, customer, scopes } = await withRetry(
    context,
    async () => {
      const code = await getAuthCode(context, wanted);
      // Tiki may give the same one once more.
      if (sent.includes(code)) context.failWith('invalid-code');
      sent.push(code);
      return post(context, '/auth_exchange', { code });
    },
    'invalid-code',
  );
  // What anything depends on is looked at when the session is made.
  const user = { uid, customer, scopes } as User;
  return askGoogle(context, '/identitytoolkit/v1/accounts:signInWithCustomToken', user, {
    token: customToken,
    returnSecureToken: true,
  });
}
