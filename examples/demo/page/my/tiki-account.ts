import type { Customer } from '../customers';
import { isScope, type CodeRequest } from '../simulator';
import { fail, success, type Outcome } from './outcome';

/** Tiki's own app, around the Tini App. */
export interface TikiAccount {
  /** Who is logged in to Tiki now; undefined while nobody is. */
  readonly customer: () => Customer | undefined;
  readonly issueAuthCode: (request: CodeRequest) => Promise<string>;
}

/** Tiki's codes for a refusal. */
const NO_PERMISSION = '1';
const USER_REFUSED = '2';

/**
 * `my.getAuthCode`: success is `{authCode, authErrorScopes, authSuccessScopes}`. Tiki's dialog, in
 * which the user agrees, is left out: whoever presses the page's button has agreed.
 */
export async function getAuthCode(
  { customer, issueAuthCode }: TikiAccount,
  { scopes = [] }: { readonly scopes?: readonly string[] },
): Promise<Outcome> {
  const who = customer();
  if (!who) return fail(USER_REFUSED, 'Nobody is logged in to Tiki');
  const known = scopes.filter(isScope);
  if (known.length < scopes.length) return fail(NO_PERMISSION, 'A scope is not this app’s');
  try {
    const authCode = await issueAuthCode({ customer: who, scopes: known });
    return success({ authCode, authErrorScopes: {}, authSuccessScopes: known });
  } catch (error) {
    return fail('network', String(error));
  }
}

/** `my.getUserInfo`: whoever is logged in to Tiki now, also in the middle of another's session. */
export function getUserInfo({ customer }: TikiAccount): Outcome {
  const who = customer();
  return who
    ? success({ customerId: who.id, name: who.name, avatar: '' })
    : fail(USER_REFUSED, 'Nobody is logged in to Tiki');
}
