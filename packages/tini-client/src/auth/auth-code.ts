import { merge } from '../merge';
import { fieldsOf } from '../runtime/answer';
import { callMy, LATE } from '../runtime/call-my';
import { type Context } from '../runtime/context';

/** A user may think about Tiki's dialog for a while; a callback that never comes must end, too. */
const enum Wait {
  Ms = 300_000,
}

/**
 * A new auth code from Tiki, for one exchange. Throws `user-refused` or `scope-not-granted` also
 * when there is a code but one of the scopes was refused: the error names them.
 *
 * Tiki's error codes are '1', the app may not ask for this, and '2', the user refused; seen too is
 * "Permission denied". They come bare or in an object, under one name or another. A failure in other
 * words is a refusal, too: after a dialog that is what is likeliest. One that sounds like the network
 * is none, and throws `no-auth-code`.
 */
export async function getAuthCode(context: Context, wanted: readonly string[]): Promise<unknown> {
  const outcome = await callMy(context, 'getAuthCode', { scopes: wanted }, Wait.Ms);
  if (outcome === LATE) context.failWith('timeout');
  const { ok, given } = outcome;
  const fields = fieldsOf(given);
  // The documentation has the plural, Tiki's type package the singular.
  const refused = fieldsOf(fields['authErrorScopes'] || fields['authErrorScope']);
  const scopes = Object.keys(refused);
  const { authCode } = fields;
  if (ok && authCode && !scopes.length) return authCode;
  const reasons = merge(fields, refused);
  const said = Object.keys(reasons)
    .map((name) => reasons[name])
    .concat(given)
    .join('\n');
  const code = !ok && /net|time|conn/i.test(said) ? 'no-auth-code' : 'user-refused';
  context.failWith(/^1$/m.test(said) ? 'scope-not-granted' : code, { native: given, scopes });
}
