import type { Customer } from '../customers';
import { isScope, type CodeRequest } from '../simulator';
import { fail, success, type Outcome } from './outcome';

/** The Tiki app that hosts the Tini App. */
export interface TikiAccount {
  /** The customer logged in to Tiki; undefined for none. */
  readonly customer: () => Customer | undefined;
  readonly issueAuthCode: (request: CodeRequest) => Promise<string>;
}

/** Tiki's error codes. */
const NO_PERMISSION = '1';
const USER_REFUSED = '2';

/**
 * `my.getAuthCode`: success is `{authCode, authErrorScopes, authSuccessScopes}`. Tiki's consent
 * dialog is not simulated: pressing the page's button counts as consent.
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

/** `my.getUserInfo`: the customer currently logged in to Tiki, who may not own the session. */
export function getUserInfo({ customer }: TikiAccount): Outcome {
  const who = customer();
  return who
    ? success({ customerId: who.id, name: who.name, avatar: '' })
    : fail(USER_REFUSED, 'Nobody is logged in to Tiki');
}
