import { merge } from '../merge';
import { fieldsOf } from '../runtime/answer';
import { callMy, LATE } from '../runtime/call-my';
import { type Context } from '../runtime/context';

/** Long enough for a user to decide in Tiki's dialog; bounds a callback that never comes. */
const DIALOG_MS = 300_000;

/**
 * A new auth code from Tiki, for one exchange. Also throws `user-refused` or `scope-not-granted` if
 * there is a code but a scope was refused; the error lists the refused scopes.
 *
 * Tiki's error codes are '1', the app may not request this, and '2', the user refused; "Permission
 * denied" was observed as well. They arrive bare or in an object, under varying names. An unknown
 * failure counts as a refusal, the most likely cause after a dialog, unless its text suggests the
 * network: then this throws `no-auth-code`.
 */
export async function getAuthCode(context: Context, wanted: readonly string[]): Promise<unknown> {
  const outcome = await callMy(context, 'getAuthCode', { scopes: wanted }, DIALOG_MS);
  if (outcome === LATE) context.failWith('timeout');
  const { ok, given } = outcome;
  const fields = fieldsOf(given);
  // The documentation uses the plural, Tiki's type package the singular.
  const refused = fieldsOf(fields['authErrorScopes'] || fields['authErrorScope']);
  const scopes = Object.keys(refused);
  const { authCode } = fields;
  if (ok && authCode && !scopes.length) return authCode;
  const reasons = merge(fields, refused);
  const text = Object.keys(reasons)
    .map((name) => reasons[name])
    .concat(given)
    .join('\n');
  const code = !ok && /net|time|conn/i.test(text) ? 'no-auth-code' : 'user-refused';
  context.failWith(/^1$/m.test(text) ? 'scope-not-granted' : code, { native: given, scopes });
}
