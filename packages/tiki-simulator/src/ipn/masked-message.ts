import type { SentMessage } from './notifier';

/** A notification for the control API: its signature is recognizable but not usable. */
export function maskedMessage(message: SentMessage): Readonly<Record<string, unknown>> {
  const { id, order, createdAt, state, headers, attempts } = message;
  return {
    id,
    orderId: order.id,
    status: order.status,
    createdAt,
    state,
    signature: `${(headers['X-Tiniapp-Signature'] ?? '').slice(0, 8)}…`,
    attempts: attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at).toISOString() })),
  };
}
