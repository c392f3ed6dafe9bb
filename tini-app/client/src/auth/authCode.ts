import { fieldsOf } from '../runtime/answer';
import { callMy, LATE } from '../runtime/callMy';
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
 * "Permission denied". They come bare or in an object, under one name or another. What is not '1'
 * is taken for a refusal, whatever it says: the user may try again.
 */
export async function getAuthCode(context: Context, wanted: readonly string[]): Promise<unknown> {
  const outcome = await callMy(context, 'getAuthCode', { scopes: wanted }, Wait.Ms);
  if (outcome === LATE) context.failWith('timeout');
  const { ok, value } = outcome;
  const fields = fieldsOf(value);
  // The documentation has the plural, Tiki's type package the singular.
  const refused = fieldsOf(fields['authErrorScopes'] || fields['authErrorScope']);
  const scopes = Object.keys(refused);
  const { authCode } = fields;
  if (ok && authCode && !scopes.length) return authCode;
  const reasons = Object.values(scopes.length ? refused : fields)
    .concat(value)
    .map(String);
  context.failWith(reasons.includes('1') ? 'scope-not-granted' : 'user-refused', {
    native: value,
    scopes,
  });
}
