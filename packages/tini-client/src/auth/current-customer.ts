import { fieldsOf } from '../runtime/answer';
import { callMy } from '../runtime/call-my';
import { type Context } from '../runtime/context';

const enum Wait {
  Ms = 10_000,
}

/**
 * The id of the customer who is logged in to Tiki now. Good for noticing that it is somebody else,
 * never as a proof of who it is. Empty if Tiki does not say.
 */
export async function currentCustomerId(context: Context): Promise<string> {
  const outcome = await callMy(context, 'getUserInfo', {}, Wait.Ms);
  // A failure has none, and a guest's is empty or 0.
  return String((fieldsOf(outcome.given)['customerId'] as string | number | undefined) || '');
}
