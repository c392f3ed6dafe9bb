import { InvalidInput, openFields } from '../fields';
import { ORDER_STATUSES } from './order';
import { PAYMENT_OUTCOMES, type Payment } from './payment';
import type { Trigger } from './shop';

/** Parses what a customer does in the payment sheet; throws `InvalidInput`. */
export function parsePayment(input: unknown): Payment {
  const fields = openFields(input, 'the payment');
  const payment = {
    orderId: fields.text('orderId'),
    ...fields.optional('outcome', (name) => oneOf(PAYMENT_OUTCOMES, name, fields.value(name))),
    ...fields.optional('customerId', fields.text),
  };
  fields.noOthers();
  return payment;
}

/** Parses a change of an order at Tiki; throws `InvalidInput`. */
export function parseTrigger(input: unknown): Trigger {
  const fields = openFields(input, 'the trigger');
  const trigger = {
    status: oneOf(ORDER_STATUSES, 'status', fields.value('status')),
    ...fields.optional('orderId', fields.text),
  };
  fields.noOthers();
  return trigger;
}

function oneOf<Known extends string>(known: readonly Known[], name: string, given: unknown): Known {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new InvalidInput(`${name} must be one of ${known.join(', ')}`);
  return found;
}
