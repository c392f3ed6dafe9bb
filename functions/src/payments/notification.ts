import type { IncomingHttpHeaders } from 'node:http';
import type { LogEntry } from 'firebase-functions/logger';
import { Problem } from '../problem';
import type { Notification, Payments, PlatformOrder } from '../providers/provider';
import { shellQuote } from '../remedy';
import type { RequestContext } from '../upstream/request-context';
import { isReference } from './order';
import { recordNews, type Recorded } from './record';
import { knownToBePaid } from './state';
import type { PaymentStore } from './store';

export interface NotificationEffects {
  readonly store: PaymentStore;
  readonly payments: Pick<Payments, 'read' | 'verifyNotification'>;
  /** For the command in the log. */
  readonly projectId: string;
  readonly log: (entry: LogEntry) => void;
}

/** Not signed for this app, or about an order that is not of this bridge. */
function foreign(cause: string): Problem {
  return new Problem('unauthenticated', { operator: { cause } });
}

/** An online payment may be in delivery before its message is dealt with. */
const paidFirst = (read: PlatformOrder, { order }: Notification): PlatformOrder =>
  order.progress === 'paid' ? knownToBePaid(read) : read;

/** The platform's copies may lag behind each other. It sends the message again, and is asked again. */
const isBehind = (read: PlatformOrder, { order }: Notification): boolean =>
  read.progress === 'waiting' && ['paid', 'completed', 'canceled'].includes(order.progress);

/** @throws Problem `unauthenticated` unless the platform signed these bytes for this app */
export function verified(
  payments: Pick<Payments, 'verifyNotification'>,
  headers: IncomingHttpHeaders,
  body: Uint8Array,
): Notification {
  const notification = payments.verifyNotification(headers, body);
  if (!notification) throw foreign('A notification is not signed with TIKI_CLIENT_SECRET');
  return notification;
}

/**
 * Deals with a signed notification: it only tells which order to read, and Tiki's answer is what
 * counts. Resolves when everything is stored.
 *
 * @throws Problem `unauthenticated` if the order is not of this bridge, or differs from what this
 *   bridge created; every other one means that nothing is known to be stored, and Tiki is to send the
 *   message again
 */
export async function takeNotification(
  notification: Notification,
  { store, payments, projectId, log }: NotificationEffects,
  context: RequestContext,
): Promise<Recorded> {
  const { messageId, createdAt, order } = notification;
  const { reference = '' } = order;
  const known = isReference(reference) ? await store.read(reference) : undefined;
  // Tiki has one URL for the notifications of an app, which another bridge may share. But the order may
  // also be one of ours whose document is lost, and Tiki does not send the message again.
  if (!known) {
    const cause = 'A notification is about an order that this bridge did not create';
    log({
      severity: 'ERROR',
      message: `payments: ${cause.toLowerCase()}: its order is ${order.id} (${order.status})`,
      outcome: 'unknown-order',
      ...(isReference(reference) && { reference }),
      orderId: order.id,
      operator: { cause, remedy: 'look for the order in Tini Console; docs/payments.md' },
    });
    throw foreign(cause);
  }
  const read = paidFirst(await payments.read(order.id, context), notification);
  if (isBehind(read, notification)) {
    const cause = `Tiki's answer about order ${order.id} is older than its own notification`;
    throw new Problem('tiki-bad-response', { operator: { cause } });
  }
  const outcome = await store.change(
    { reference, uid: known.uid, messageId },
    recordNews({ atTiki: read, message: { createdAt, status: order.status } }),
  );
  if (outcome.kind === 'recorded') return outcome;
  const differs = outcome.kind === 'mismatch' ? outcome.mismatch : 'document';
  log({
    severity: 'ERROR',
    message: `payments: Tiki's order for ${reference} has another ${differs}: it was not recorded`,
    outcome: 'order-mismatch',
    reference,
    orderId: order.id,
    operator: {
      cause: 'An order with our reference was created by another program, or changed at Tiki',
      remedy: `npm run bridge -- orders show ${reference} --project ${shellQuote(projectId)}`,
    },
  });
  throw foreign(`Tiki's order has another ${differs} than the one that this bridge created`);
}
