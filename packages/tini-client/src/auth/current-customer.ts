import { fieldsOf } from '../runtime/answer';
import { callMy } from '../runtime/call-my';
import { type Context } from '../runtime/context';

const enum Wait {
  Ms = 10_000,
}

/**
 * The id of the customer logged in to Tiki. Only for detecting a change of customer, never proof of
 * identity. Empty if Tiki does not return one.
 */
export async function currentCustomerId(context: Context): Promise<string> {
  const outcome = await callMy(context, 'getUserInfo', {}, Wait.Ms);
  // Missing after a failure; empty or 0 for a guest.
  return String((fieldsOf(outcome.given)['customerId'] as string | number | undefined) || '');
}
