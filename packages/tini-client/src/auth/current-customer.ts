import { fieldsOf } from '../runtime/answer';
import { callMy } from '../runtime/call-my';
import { type Context } from '../runtime/context';
import { exactCustomerId } from '../runtime/customer-id';

const enum Wait {
  Ms = 10_000,
}

/**
 * The id of the customer logged in to Tiki. Only for detecting a change of customer, never proof of
 * identity. Empty if Tiki does not return an exact one.
 */
export async function currentCustomerId(context: Context): Promise<string> {
  const { ok, given } = await callMy(context, 'getUserInfo', {}, Wait.Ms);
  return ok ? exactCustomerId(fieldsOf(given)['customerId']) : '';
}
