import { parseFault } from './fault-input';
import { InvalidInput, openFields } from './fields';
import type { IssueAuthCode } from './types';

const LARGEST_INT64 = 2n ** 63n - 1n;

/** Positive int64 in canonical decimal. */
export function isCustomerId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= LARGEST_INT64;
}

/** Parses a request for an auth code; throws `InvalidInput`. */
export function parseIssueAuthCode(input: unknown): IssueAuthCode {
  const fields = openFields(input, 'the request');
  const customerId = fields.text('customerId');
  if (!isCustomerId(customerId)) {
    throw new InvalidInput(
      'customerId must be a positive int64 in plain decimal, such as "1001"; ' +
        'for anything else use the fault "customer-id"',
    );
  }
  const request = {
    customerId,
    ...fields.optional('customerName', fields.text),
    ...fields.optional('scopes', fields.texts),
    ...fields.optional('fault', (name) => parseFault(fields.value(name))),
  };
  fields.noOthers();
  return request;
}
