import { type TikiFirebaseError } from '../errors';
import { type Context } from '../runtime/context';
import { type Fields } from '../runtime/answer';
import { withRetry } from '../runtime/retry';
import { getAuthCode } from './auth-code';
import { askGoogle, post } from './endpoints';
import { type Session } from './session';

/**
 * Auth code → bridge → custom token → session. Up to three attempts, each with a new code; also
 * retries `invalid-code`, since a code may expire while the phone has no network.
 *
 * @param exchanges The exchanges of all codes sent so far; this adds its own.
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
      // Tiki may return the same code twice, for example after a double tap. It may be used up, so
      // it is not sent again: both share the first answer.
      const exchange =
        exchanges.get(code) ||
        post(context, '/auth_exchange', { code }).catch((error: unknown) => {
          // `overloaded` and `rate-limited` mean that the bridge did not use the code. No other error
          // codes start like this, and a prefix saves bytes. All errors of post have a code.
          if (/^(over|rate)/.test((error as TikiFirebaseError).code)) exchanges.delete(code);
          throw error;
        });
      exchanges.set(code, exchange);
      return exchange;
    },
    'invalid-code',
  );
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
