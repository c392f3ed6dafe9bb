import { type TikiFirebaseError } from '../errors';
import { type Context } from '../runtime/context';
import { type Fields } from '../runtime/answer';
import { withRetry } from '../runtime/retry';
import { getAuthCode } from './auth-code';
import { askGoogle, post } from './endpoints';
import { type Session } from './session';

/**
 * Auth code → bridge → custom token → session. Each attempt asks Tiki for a code, and there are
 * three where that helps: also when Tiki does not know the code any longer, which may have expired
 * while the phone was looking for a network.
 *
 * @param exchanges What became of the codes that have gone out already; this adds its own.
 */
export async function login(
  context: Context,
  wanted: readonly string[],
  exchanges: Map<unknown, Promise<Fields>>,
): Promise<Session> {
  const { customToken, uid, customer, scopes, appCheckToken } = await withRetry(
    context,
    async () => {
      const code = await getAuthCode(context, wanted);
      // Tiki may give the same one once more, to a second tap for instance. It may be used up, so it
      // is not sent again: the answer of the first time holds.
      const exchange =
        exchanges.get(code) ||
        post(context, '/auth_exchange', { code }).catch((error: unknown) => {
          // Turned away, as overloaded or rate-limited, before the bridge looked at the code. No
          // other code begins so, and the whole words would cost bytes. What post throws has one.
          if (/^(over|rate)/.test((error as TikiFirebaseError).code)) exchanges.delete(code);
          throw error;
        });
      exchanges.set(code, exchange);
      return exchange;
    },
    'invalid-code',
  );
  // What anything depends on is looked at when the session is made.
  const kept = { user: { uid, customer, scopes }, appCheckToken } as Pick<
    Session,
    'user' | 'appCheckToken'
  >;
  return askGoogle(context, '/identitytoolkit/v1/accounts:signInWithCustomToken', kept, {
    token: customToken,
    returnSecureToken: true,
  });
}
