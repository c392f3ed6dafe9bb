import { OPEN_API_PATHS, type Fault, type FaultRule } from './fault';
import { InvalidInput, openFields, type Fields } from './fields';
import type { MessageFaultRule } from './ipn/message-fault';
import { parseMessageFault } from './ipn/message-fault-input';

/** The maximum delay of a Node timer, about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;
const LARGEST_BYTES = 2 ** 30;

/**
 * Parses a fault rule; throws `InvalidInput`. `times` may be the string "Infinity", because JSON has
 * no such number.
 */
export function parseFaultRule(input: unknown): FaultRule | MessageFaultRule {
  const rule = openFields(input, 'the rule');
  const given = rule.value('path');
  const path = (['*', 'ipn', ...OPEN_API_PATHS] as const).find((known) => known === given);
  if (path === undefined) {
    throw new InvalidInput(`path must be "*", "ipn" or one of ${OPEN_API_PATHS.join(', ')}`);
  }
  const times = rule.optional('times', (name) => {
    const value = rule.value(name);
    return value === 'Infinity' || value === Infinity ? Infinity : rule.integer(name, 1);
  });
  const fault = rule.value('fault');
  rule.noOthers();
  return path === 'ipn'
    ? { path, ...times, fault: parseMessageFault(fault) }
    : { path, ...times, fault: parseFault(fault) };
}

/** Parses a fault; throws `InvalidInput`. */
export function parseFault(input: unknown): Fault {
  const fields = openFields(input, 'fault');
  const fault = faultOfKind(fields.text('kind'), fields);
  fields.noOthers();
  return fault;
}

function faultOfKind(kind: string, fields: Fields): Fault {
  switch (kind) {
    case 'hang':
    case 'reset':
    case 'reset-after-headers':
    case 'garbage':
    case 'html':
    case 'empty':
    case 'wrong-types':
    case 'missing-customer':
      return { kind };
    case 'latency':
    case 'slow-body':
      return { kind, ms: fields.integer('ms', 0, LONGEST_MS) };
    case 'oversized':
    case 'gzip-bomb':
      return { kind, bytes: fields.integer('bytes', 1, LARGEST_BYTES) };
    case 'customer-id':
      return { kind, json: fields.text('json') };
    case 'order':
      return { kind, members: fields.textMap('members') };
    case 'redirect':
      return { kind, ...fields.optional('location', fields.headerText) };
    case 'status':
      return {
        kind,
        status: fields.integer('status', 200, 599),
        ...fields.optional('body', fields.text),
        ...fields.optional('retryAfterSeconds', (name) => fields.integer(name, 0)),
      };
    case 'error-envelope':
      return {
        kind,
        reason: fields.text('reason'),
        ...fields.optional('message', fields.text),
        ...fields.optional('status', (name) => fields.integer(name, 200, 599)),
        ...fields.optional('metadata', fields.textMap),
      };
    case 'raw':
      return {
        kind,
        status: fields.integer('status', 200, 599),
        headers: fields.headers('headers'),
        body: fields.text('body'),
      };
    default:
      throw new InvalidInput(`fault has no kind "${kind.slice(0, 40)}"`);
  }
}
