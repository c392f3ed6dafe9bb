import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { Problem } from '../../problem';
import type { Notification } from '../provider';
import { orderFields, readOrder } from './order';
import { parseLosslessJson } from './outcome';
import type { ClientSecrets } from './parameters';
import { tikiSignature } from './signature';

const TIMESTAMP = /^[1-9]\d{0,15}$/;

/** Becomes part of the name of a document: Firestore reserves `.`, `..` and `__…__`. */
const messageId = z
  .union([z.string(), z.bigint().transform(String)])
  .pipe(z.string().regex(/^(?!\.{1,2}$|__.*__$)[\w.:-]{1,128}$/));

const message = z
  .object({
    message_id: messageId,
    message_type: z.literal('notification'),
    // Go prints up to nanoseconds.
    message_created_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    order: z.object(orderFields),
  })
  .transform(({ message_id, message_created_at, order }): Notification => ({
    messageId: message_id,
    createdAt: message_created_at,
    order: readOrder(order),
  }));

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Received {
  readonly clientKey: string;
  readonly secrets: ClientSecrets;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** Node joins duplicate headers with a comma, which none of these values may have. */
function isSigned({ clientKey, secrets, headers, body }: Received): boolean {
  const value = (name: string) => String(headers[name] ?? '');
  const keys = ['x-tiniapp-client-id', 'x-tiniapp-client-key'].map(value).filter(Boolean);
  const timestamp = value('x-tiniapp-timestamp');
  if (keys.length === 0 || !keys.every((key) => isSame(key, clientKey))) return false;
  if (!TIMESTAMP.test(timestamp)) return false;
  const given = value('x-tiniapp-signature');
  // All are computed, so that the time does not tell which secret it was.
  return secrets
    .map((clientSecret) => tikiSignature({ clientKey, clientSecret }, Number(timestamp), body))
    .map((signature) => isSame(given, signature))
    .includes(true);
}

/** See `Payments.verifyNotification`. */
export function verifyNotification(received: Received): Notification | undefined {
  if (!isSigned(received)) return undefined;
  let content: unknown;
  try {
    content = parseLosslessJson(new TextDecoder('utf-8', { fatal: true }).decode(received.body));
  } catch {
    // The parser's message quotes the body. Undefined is not a JSON value.
  }
  const { data, error } = message.safeParse(content);
  if (data) return data;
  const where = error.issues.map(({ path }) => path.map(String).join('.') || 'body');
  throw new Problem('tiki-bad-response', {
    operator: {
      cause: `A signed notification is not of the documented shape at: ${[...new Set(where)].join(', ')}`,
    },
  });
}
