import { InvalidInput, openFields } from '../fields';
import type { MessageFault } from './message-fault';

/** Longer than the whole schedule of repeats, ms. */
const LONGEST_MS = 7 * 24 * 3_600_000;
const MOST_COPIES = 1000;

/** Parses what happens to a notification; throws `InvalidInput`. */
export function parseMessageFault(input: unknown): MessageFault {
  const fields = openFields(input, 'fault');
  const kind = fields.text('kind');
  const read = (): MessageFault => {
    switch (kind) {
      case 'lost':
      case 'answer-lost':
      case 'forged':
      case 'unsigned':
      case 'flipped-bit':
      case 'reserialised':
        return { kind };
      case 'repeated':
        return { kind, copies: fields.integer('copies', 1, MOST_COPIES) };
      case 'delayed':
      case 'old-timestamp':
        return { kind, ms: fields.integer('ms', 0, LONGEST_MS) };
      case 'order':
        return { kind, members: fields.textMap('members') };
      default:
        throw new InvalidInput(`fault of "ipn" has no kind "${kind.slice(0, 40)}"`);
    }
  };
  const fault = read();
  fields.noOthers();
  return fault;
}
